import { pipeline } from "node:stream/promises";
import express, { type IRouter, type Request, type Response } from "express";
import { callerOf } from "../auth.ts";
import type { Ports } from "../ports.ts";
import { ApiError } from "./api-error.ts";
import { checkAll } from "./check.ts";
import { type AnyRoute, NO_BODY } from "./route.ts";

const BODY_LIMIT_BYTES = 1024 * 1024;

/** Puts the routes on a router: check, handle, answer. `stopping` ends the streams that are open. */
export function mount(router: IRouter, routes: readonly AnyRoute[], ports: Ports, stopping: AbortSignal): void {
  const parseBody = express.json({ limit: BODY_LIMIT_BYTES, strict: false });
  for (const route of routes) {
    const before = route.body === NO_BODY ? [] : [parseBody];
    router[route.method](route.path, ...before, (request, response) => answer(route, ports, request, response, stopping));
  }
}

async function answer(route: AnyRoute, ports: Ports, request: Request, response: Response, stopping: AbortSignal): Promise<void> {
  const [params, query, body] = checkAll([
    { in: "path", schema: route.params, value: request.params },
    { in: "query", schema: route.query, value: request.query },
    { in: "body", schema: route.body, value: route.body === NO_BODY ? undefined : bodyOf(request) },
  ]);
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const reply = await route.handle(
    {
      params,
      query,
      body,
      header: name => request.get(name),
      by: callerOf(request),
      signal: AbortSignal.any([gone.signal, stopping]),
    },
    ports,
  );
  response.set("Cache-Control", "no-store");
  if ("body" in reply) {
    response
      .status(reply.status ?? 200)
      .set(reply.headers ?? {})
      .json(reply.body);
    return;
  }
  // Proxies that buffer would hold a followed log back.
  response.status(200).set({ "Content-Type": reply.contentType, "X-Accel-Buffering": "no" });
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  response.flushHeaders();
  await pipeline(reply.stream, response).catch((error: unknown) => {
    if (!gone.signal.aborted) throw error;
  });
}

/** The parsed body; an absent one is an empty object. Another content type was left unread by the parser. */
function bodyOf(request: Request): unknown {
  if (request.body !== undefined) return request.body;
  const { "content-length": length = "0", "transfer-encoding": encoding } = request.headers;
  if (length === "0" && encoding === undefined) return {};
  throw new ApiError("WL_BODY_JSON", `the body is '${request.get("content-type") ?? "of no type"}', not application/json`, {
    errors: [{ in: "header", pointer: "#/content-type", detail: "must be application/json" }],
  });
}
