import type { IncomingMessage, ServerResponse } from "node:http";
import type { HttpFaults } from "../http-faults.ts";
import { type RequestLog, type RequestRecord, requestRecord } from "../request-log.ts";
import { jsonOf, type KubeObject } from "../store/kube-object.ts";
import type { ApiContext, Handler, Reply } from "./api-context.ts";
import { ApiError, refuse } from "./api-error.ts";
import { type ApiRequest, apiRequest } from "./api-request.ts";
import { createObject } from "./create-object.ts";
import { deleteCollection, deleteObject, evictPod } from "./delete-object.ts";
import { discover } from "./discovery.ts";
import { getObject } from "./get-object.ts";
import { listObjects } from "./list-objects.ts";
import { podLog } from "./pod-log.ts";
import { refuseBrowsers } from "./refuse-browsers.ts";
import type { Verb } from "./resources.ts";
import { patchObject, updateObject } from "./update-object.ts";
import { watchObjects } from "./watch-objects.ts";

const MAX_BODY_BYTES = 3 * 1024 * 1024;

const HANDLERS: Record<Verb, Handler> = {
  get: getObject,
  list: listObjects,
  watch: watchObjects,
  create: createObject,
  update: updateObject,
  patch: patchObject,
  delete: deleteObject,
  deletecollection: deleteCollection,
};

const SUBRESOURCES: Record<string, Handler> = { log: podLog, eviction: evictPod };

const handlerOf = ({ verb, subresource }: ApiRequest): Handler => SUBRESOURCES[subresource ?? ""] ?? HANDLERS[verb];

interface Parts {
  context: ApiContext;
  faults: HttpFaults;
  requests: RequestLog;
  /** Whether the server listens on loopback only. */
  local: boolean;
  log: (line: string) => void;
}

/** Answers every request to the port: faults first, then discovery, then the API. */
export function apiServer(parts: Parts): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    // A client that goes away mid-answer is an everyday event; "close" ends what was going on for it.
    response.on("error", () => undefined);
    answer(parts, request, response).catch((error: unknown) => {
      if (!request.complete) return; // The client went away before it had said everything.
      parts.log(`request ${request.method} ${request.url} failed: ${error instanceof Error ? error.stack : String(error)}`);
      if (!response.headersSent)
        send(response, new ApiError(500, "InternalError", `Internal error occurred: ${String(error)}`).status, 500);
      else response.destroy();
    });
  };
}

async function answer(
  { context, faults, requests, local }: Parts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://local");
  const method = request.method ?? "GET";
  const parsed = attempt(() => apiRequest(method, url, context.store));
  const known = parsed instanceof ApiError ? undefined : parsed;
  const record = requestRecord(method, url, request.headers["user-agent"] ?? "", known);
  requests.add(record);
  const body = await bodyOf(request);
  if (response.destroyed || (await faults.apply(record, request, response))) return;
  const reply = attempt((): Reply | undefined => {
    refuseBrowsers(request.headers, local);
    const document = method === "GET" ? discover(context.store, url.pathname.replace(/(.)\/$/, "$1")) : undefined;
    if (document !== undefined) return { code: 200, body: document };
    if (parsed instanceof ApiError) throw parsed;
    if (body === undefined) throw refuse.bodySize(MAX_BODY_BYTES);
    return handlerOf(parsed)(context, { request: parsed, headers: request.headers, body, response });
  });
  if (reply instanceof ApiError) send(response, reply.status, reply.status.code);
  else if (reply !== undefined) send(response, reply.body, reply.code, reply.warnings);
  finish(record, response);
}

function attempt<T>(action: () => T): T | ApiError {
  try {
    return action();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

/** The status is known as soon as the head is written, which a handler does before it returns. */
function finish(record: RequestRecord, response: ServerResponse): void {
  record.status = response.statusCode;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  if (request.method === "GET") return Buffer.alloc(0);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return bytes > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks);
}

const isStored = (body: unknown): body is KubeObject =>
  typeof (body as KubeObject | null)?.metadata?.resourceVersion === "string";

function textOf(body: unknown): { type: string; text: string | Buffer } {
  if (Buffer.isBuffer(body)) return { type: "application/json", text: body };
  if (typeof body === "string") return { type: "text/plain; charset=utf-8", text: body };
  return { type: "application/json", text: isStored(body) ? jsonOf(body) : JSON.stringify(body) };
}

/** Quoted, and without what a header cannot carry. */
const headerText = (text: string): string => JSON.stringify(text).replaceAll(/[^\x20-\x7e]/g, "?");

function send(response: ServerResponse, body: unknown, code: number, warnings: string[] = []): void {
  const { type, text } = textOf(body);
  const retryAfterSeconds = (body as ApiError["status"] | undefined)?.details?.retryAfterSeconds;
  response.writeHead(code, {
    "content-type": type,
    "content-length": Buffer.byteLength(text),
    ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
    ...(warnings.length > 0 ? { warning: warnings.map(warning => `299 - ${headerText(warning)}`).join(", ") } : {}),
  });
  response.end(text);
}
