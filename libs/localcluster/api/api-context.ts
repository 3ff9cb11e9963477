import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import type { LogSource } from "../node/container-log.ts";
import type { ObjectStore } from "../store/object-store.ts";
import type { ApiRequest } from "./api-request.ts";
import type { OpenStreams } from "./open-streams.ts";

/** What the handlers of the API server share. */
export interface ApiContext {
  store: ObjectStore;
  logs: LogSource;
  streams: OpenStreams;
  bookmarkMs: number;
}

/** One request on its way to a handler. Over HTTP/2 `response` is node's compatible response, which offers the same methods. */
export interface Call {
  request: ApiRequest;
  headers: IncomingHttpHeaders;
  body: Buffer;
  response: ServerResponse;
}

/** A finished answer. Handlers that stream write to the response themselves and return undefined. */
export interface Reply {
  code: number;
  body: unknown;
  warnings?: string[];
}

export type Handler = (context: ApiContext, call: Call) => Reply | undefined;
