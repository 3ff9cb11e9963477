import express, { type IRouter, type Request, type RequestHandler, type Response } from "express";
import { admitCaller } from "../auth/admit-caller.ts";
import { noteChange } from "../auth/audit-writes.ts";
import { type Caller, callerReader } from "../auth/caller.ts";
import type { Ports } from "../ports.ts";
import { ApiError } from "./api-error.ts";
import { checkAll } from "./check.ts";
import { editIfMatch } from "./conditional-edit.ts";
import { onceByKey } from "./idempotency.ts";
import { readBody } from "./read-body.ts";
import { requestIdOf } from "./request-id.ts";
import { type AnyRequest, type AnyRoute, type JsonReply, NO_BODY, type StreamReply } from "./route.ts";
import { etagFor, sendJson, sendStream } from "./send-reply.ts";

const BODY_LIMIT_BYTES = 1024 * 1024;

/** Puts the routes on a router: check, handle, answer. `stopping` ends the streams that are open. */
export function mount(router: IRouter, routes: readonly AnyRoute[], ports: Ports, stopping: AbortSignal): void {
  const parseBody = express.json({ limit: BODY_LIMIT_BYTES, strict: false });
  const readCaller = callerReader(ports.dags, ports.now);
  for (const route of routes) {
    const callers = new WeakMap<Request, Caller>();
    // Before the body: who may not ask is not listened to.
    const admit: RequestHandler = async (request, _response, next) => {
      callers.set(request, await admitCaller(request, route, readCaller));
      next();
    };
    const before = route.body === NO_BODY ? [admit] : [admit, parseBody];
    router[route.method](route.path, ...before, (request, response) =>
      answer(route, ports, { request, response, caller: callers.get(request)!, stopping }),
    );
  }
  refuseOtherMethods(router, routes);
}

interface Exchange {
  request: Request;
  response: Response;
  caller: Caller;
  stopping: AbortSignal;
}

async function answer(route: AnyRoute, ports: Ports, { request, response, caller, stopping }: Exchange): Promise<void> {
  const [params, query, body] = checkAll([
    { in: "path", schema: route.params, value: request.params },
    { in: "query", schema: route.query, value: request.query },
    { in: "body", schema: route.body, value: route.body === NO_BODY ? undefined : readBody(request) },
  ]);
  noteChange(request, { after: body });
  const gone = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) gone.abort();
  });
  let signal: AbortSignal | undefined;
  const asked: AnyRequest = {
    params,
    query,
    body,
    header: name => request.get(name),
    caller,
    requestId: requestIdOf(request),
    // Few handlers ask for it.
    get signal() {
      signal ??= AbortSignal.any([gone.signal, stopping]);
      return signal;
    },
    pageAfter: cursor => (cursor === undefined ? {} : { next: urlWith(request.originalUrl, { cursor }) }),
  };
  const reply = await carryOut(route, asked, request, ports);
  if (!("body" in reply)) return sendStream(request, response, reply, gone.signal);
  sendJson(route, request, response, reply);
}

/** Calls the handler, under the conditions that the request's headers name. */
async function carryOut(
  route: AnyRoute,
  asked: AnyRequest,
  request: Request,
  ports: Ports,
): Promise<JsonReply<unknown> | StreamReply> {
  const { edits, idempotent } = route;
  if (edits !== undefined) {
    // The GET of the same path, asked by the same caller.
    const read = async (): Promise<unknown> =>
      ((await edits.handle({ ...asked, query: {}, body: undefined }, ports)) as JsonReply<unknown>).body;
    const etag = async (): Promise<string> => {
      const body = await read();
      return etagFor(edits, JSON.stringify(body), body);
    };
    const edit = async () => {
      noteChange(request, { before: sameFields(await read().catch(absent), asked.body) });
      return route.handle(asked, ports);
    };
    return editIfMatch({ ifMatch: request.get("if-match"), path: request.path, etag, edit }, ports.replies);
  }
  if (idempotent !== "kept") return route.handle(asked, ports);
  const operation = `${request.method} ${request.path}`;
  const repeatable = { key: request.get("idempotency-key"), by: asked.caller.name, operation, body: asked.body };
  return onceByKey(repeatable, ports.replies, () => route.handle(asked, ports) as Promise<JsonReply<unknown>>);
}

/** What cannot be read was not there. */
function absent(error: unknown): undefined {
  if (!(error instanceof ApiError)) throw error;
}

/** What was there of the fields that are being set; of a removal all. */
function sameFields(before: unknown, set: unknown): unknown {
  if (!isRecord(before) || !isRecord(set)) return before;
  return Object.fromEntries(Object.keys(set).flatMap(name => (name in before ? [[name, before[name]]] : [])));
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null;

/** A path that has routes, asked with another method: the answer says which ones it has. */
function refuseOtherMethods(router: IRouter, routes: readonly AnyRoute[]): void {
  for (const [path, own] of Map.groupBy(routes, route => route.path)) {
    const methods = own.flatMap(({ method }) => (method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()]));
    const allow = [...methods, "OPTIONS"].join(", ");
    router.all(path, (request, response) => {
      if (request.method === "OPTIONS") return void response.status(204).set("Allow", allow).end();
      throw new ApiError("WL_METHOD", `${request.path} knows ${allow}, not ${request.method}`, { headers: { Allow: allow } });
    });
  }
}

/** The same list from another place on. */
function urlWith(url: string, changes: Readonly<Record<string, string>>): string {
  const [path = "", text = ""] = url.split("?", 2);
  const query = new URLSearchParams(text);
  for (const [name, value] of Object.entries(changes)) query.set(name, value);
  return `${path}?${query}`;
}
