import type { z } from "zod";
import { z as zod } from "zod";
import type { PageLinks } from "#contract/list.ts";
import type { Role } from "#core/rights.ts";
import type { Caller } from "../auth/caller.ts";
import type { Ports } from "../ports.ts";
import type { Outlet } from "./outlet.ts";

/** A request whose parts have been checked by the route's schemas. */
interface ApiRequest<Params, Query, Body> {
  params: Params;
  query: Query;
  body: Body;
  header(name: string): string | undefined;
  /** Who asks, with the rights that were looked up for this request. */
  caller: Caller;
  /** Names the request in logs, in the audit and in what comes of it. */
  requestId: string;
  /** Aborted when the caller goes away or the server stops. */
  signal: AbortSignal;
  /** The `links` of a list's page: the same list behind the cursor; without one there is no more. */
  pageAfter(cursor: string | undefined): PageLinks;
}

/** A request of any route. */
export type AnyRequest = ApiRequest<unknown, unknown, unknown>;

export interface JsonReply<Body> {
  /** Default 200. */
  status?: number;
  headers?: Readonly<Record<string, string>>;
  body: Body;
}

export interface StreamReply {
  contentType: string;
  headers?: Readonly<Record<string, string>>;
  /** Pulled as fast as the caller reads; or pushed, by something that outlives the handler and ends the outlet. */
  stream: AsyncIterable<Buffer | string> | ((outlet: Outlet) => void);
}

/** One operation of the API: what it takes, what it gives, how. */
export interface Route<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType, Reply extends z.ZodType> {
  method: "get" | "post" | "put" | "patch" | "delete";
  /** Express' pattern. */
  path: string;
  /**
   * The least role that may ask. Where the path names a DAG, a run or a backfill it must be held there: else the answer is 404 to those who
   * may not even read it, and 403 to the others. A read of something else asks for a viewer of anything, a write for the role without limits.
   */
  role: Role;
  /** The DAG is named by query or body: the role may be held anywhere, and the handler asks `caller.mayAct(dagId)`. */
  namesDagElsewhere?: true;
  /** What is changed belongs to the caller alone: the role may be held anywhere. */
  isPersonal?: true;
  summary: string;
  params: Params;
  query: Query;
  /** For a POST, PUT and PATCH; NO_BODY takes none. */
  body: Body;
  /** "stream": a handler that answers with a StreamReply. */
  reply: Reply | "stream";
  /** Statuses of answers that are no problems. Default: 200 alone. */
  statuses?: readonly number[];
  /** Content types of a stream. */
  produces?: readonly string[];
  /** How a repeated Idempotency-Key changes nothing: the first answer is kept, or the record itself knows the request. */
  idempotent?: "kept" | "recorded";
  /** What `If-Match` is about: the GET of the same path. */
  edits?: AnyRoute;
  /** Of a GET that edits refer to: what of its answer they change. Default: all of it. */
  edited?(reply: z.output<Reply>): unknown;
  handle(
    request: ApiRequest<z.output<Params>, z.output<Query>, z.output<Body>>,
    ports: Ports,
  ): Promise<JsonReply<z.output<Reply>> | StreamReply>;
}

/** Any route; its handler gets only what its own schemas let through. */
export type AnyRoute = Route<z.ZodType, z.ZodType, z.ZodType, z.ZodType>;

export const NOTHING = zod.strictObject({});
export const NO_BODY = zod.undefined({ error: "takes no body" });

/** Ties the handler's types to the schemas beside it. */
export const defineRoute = <Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType, Reply extends z.ZodType>(
  route: Route<Params, Query, Body, Reply>,
): Route<Params, Query, Body, Reply> => route;
