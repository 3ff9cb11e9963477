import { pipeline } from "node:stream/promises";
import type { Request, Response } from "express";
import { etagOf, isKnown } from "./etag.ts";
import { outletOf } from "./outlet.ts";
import type { AnyRoute, JsonReply, StreamReply } from "./route.ts";

/** The name of what a GET answers now. */
export const etagFor = (route: Pick<AnyRoute, "edited">, text: string, body: unknown): string =>
  etagOf(text, route.edited === undefined ? body : route.edited(body));

/** Sends JSON. Of a GET with its ETag, or 304 when the caller has it; of a list with the header Link. */
export function sendJson(route: AnyRoute, request: Request, response: Response, reply: JsonReply<unknown>): void {
  const { status = 200, headers = {}, body } = reply;
  const text = JSON.stringify(body);
  response.set(headers);
  const next = nextOf(body);
  if (next !== undefined) response.set("Link", `<${next}>; rel="next"`);
  if (route.method === "get" && status === 200) {
    const etag = etagFor(route, text, body);
    response.set({ ETag: etag, "Cache-Control": "private, no-cache" });
    if (isKnown(request.get("if-none-match"), etag)) {
      response.status(304).end();
      return;
    }
  } else response.set("Cache-Control", "no-store");
  response.status(status).type("application/json").send(text);
}

/** Sends a stream until it ends, the caller goes away (`gone`) or the server stops. */
export async function sendStream(request: Request, response: Response, reply: StreamReply, gone: AbortSignal): Promise<void> {
  // Proxies that buffer would hold a followed log back.
  const { contentType, headers, stream } = reply;
  response.status(200).set({ ...headers, "Content-Type": contentType, "Cache-Control": "no-store", "X-Accel-Buffering": "no" });
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  response.flushHeaders();
  if (typeof stream === "function") {
    stream(outletOf(response));
    return;
  }
  await pipeline(stream, response).catch((error: unknown) => {
    if (!gone.aborted) throw error;
  });
}

function nextOf(body: unknown): string | undefined {
  const { links } = (body ?? {}) as { links?: { next?: unknown } };
  return typeof links?.next === "string" ? links.next : undefined;
}
