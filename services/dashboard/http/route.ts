import type { z } from "zod";
import { z as zod } from "zod";
import type { Ports } from "../ports.ts";

/** A request whose parts have been checked by the route's schemas. */
interface ApiRequest<Params, Query, Body> {
  params: Params;
  query: Query;
  body: Body;
  header(name: string): string | undefined;
  /** Who asks: the login's name, "token", or "anonymous" where no login is asked for. */
  by: string;
  /** Aborted when the caller goes away or the server stops. */
  signal: AbortSignal;
}

export interface JsonReply<Body> {
  /** Default 200. */
  status?: number;
  headers?: Readonly<Record<string, string>>;
  body: Body;
}

export interface StreamReply {
  contentType: string;
  stream: AsyncIterable<Buffer | string>;
}

/** One operation of the API: what it takes, what it gives, how. */
export interface Route<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType, Reply extends z.ZodType> {
  method: "get" | "post" | "put" | "patch" | "delete";
  /** Express' pattern. */
  path: string;
  summary: string;
  params: Params;
  query: Query;
  /** For a POST, PUT and PATCH; NO_BODY takes none. */
  body: Body;
  /** "stream": a handler that answers with a StreamReply. */
  reply: Reply | "stream";
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
