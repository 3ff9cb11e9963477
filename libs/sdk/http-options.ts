import { z } from "zod";
import { DurationMs } from "#core/duration.ts";
import { HttpRequest } from "#core/http-request.ts";
import { DataInput } from "./data-input.ts";

/** A request that a worker sends. */
export const httpOptions = {
  /** Where the request goes. */
  url: z.string().min(1),
  /** How it is asked. Default: "GET". */
  method: HttpRequest.shape.method,
  /** Headers of the request. Credentials are named with `account`, never written. */
  headers: z.record(z.string(), z.string()).optional(),
  /** Sent as JSON unless it is a text. Default: no body. */
  body: DataInput.optional(),
  /** Answers that count: [200, 404]. Default: 200 to 299. */
  okStatus: HttpRequest.shape.okStatus,
  /** Whose credentials are sent: the workers' WINDLASS_HTTP_AUTH_<account> as the Authorization header. Default: none. */
  account: HttpRequest.shape.account,
  /** How long one answer may take. Default: "30s". */
  requestTimeout: DurationMs.refine(ms => ms > 0, { error: "a timeout must be longer than 0" }).optional(),
};

/** Which of them may hold references. */
export type RequestTexts = "url" | "headers";

const HttpOptions = z.strictObject(httpOptions);

/** The request as the spec holds it. */
export const requestOf = (options: z.output<typeof HttpOptions>): HttpRequest => ({
  url: options.url,
  method: options.method,
  headers: options.headers,
  body: options.body,
  okStatus: options.okStatus,
  account: options.account,
  timeoutMs: options.requestTimeout,
});
