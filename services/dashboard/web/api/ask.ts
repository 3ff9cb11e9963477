import { connection } from "../live/connection.ts";
import { session } from "../live/session.ts";
import { ProblemError } from "./problem-error.ts";

export interface AskOptions {
  /** Default: "GET", or "POST" with a body. */
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Sent as JSON. */
  body?: unknown;
  /** Makes a POST that is sent twice count once. */
  idempotencyKey?: string;
  /** Further headers, such as If-Match. */
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}

/** Longer than any answer of the API takes; a server that does not answer by then is away. */
const TIMEOUT_MS = 15_000;

/** A path with its parts encoded: path`/api/v1/runs/${runId}`. */
export const path = (strings: TemplateStringsArray, ...parts: readonly string[]): string =>
  String.raw({ raw: strings }, ...parts.map(encodeURIComponent));

/** Path and query; what is undefined, empty or false is left out. */
export function withQuery(base: string, query: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === "" || value === false ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? base : `${base}?${new URLSearchParams(given)}`;
}

/**
 * One request to the API. The type of the reply is the caller's word: the schemas of libs/contract are the server's, and tested there.
 * @throws {ProblemError} whatever goes wrong
 */
export async function ask<Reply>(url: string, options: AskOptions = {}): Promise<Reply> {
  const response = await send(url, options);
  const text = await response.text();
  return (text === "" ? undefined : JSON.parse(text)) as Reply;
}

async function send(url: string, { method, body, idempotencyKey, headers, signal }: AskOptions): Promise<Response> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let response: Response;
  try {
    response = await fetch(url, {
      method: method ?? (body === undefined ? "GET" : "POST"),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      headers: {
        Accept: "application/json",
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(body === undefined && (method ?? "GET") === "GET" ? {} : csrfHeader()),
        ...(idempotencyKey === undefined ? {} : { "Idempotency-Key": idempotencyKey }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    connection.lost();
    throw new ProblemError({
      status: 0,
      code: timeout.aborted ? "WL_TIMEOUT" : "WL_UNREACHABLE",
      detail: timeout.aborted ? `the server has not answered for ${TIMEOUT_MS / 1_000} s` : "the server does not answer",
      next: "Check that the dashboard runs and that this machine reaches it; the page goes on trying.",
    });
  }
  if (response.ok) {
    connection.found();
    return response;
  }
  const problem = await problemOf(response);
  if (problem.isAway) connection.lost(problem.detail);
  else connection.found();
  if (response.status === 401 && url !== "/login") session.ended();
  throw problem;
}

/** A session's writes bring along what only a page of this origin can read. */
function csrfHeader(): Record<string, string> {
  const token = /(?:^|; )XSRF-TOKEN=([^;]*)/.exec(document.cookie)?.[1];
  return token === undefined ? {} : { "X-XSRF-TOKEN": decodeURIComponent(token) };
}

async function problemOf(response: Response): Promise<ProblemError> {
  const said: unknown = await response.json().catch(() => undefined);
  const problem = (typeof said === "object" && said !== null ? said : {}) as Partial<ProblemError>;
  return new ProblemError({
    status: response.status,
    code: problem.code ?? `HTTP_${response.status}`,
    detail: problem.detail ?? `the server answered ${response.status} ${response.statusText}`,
    next: problem.next ?? "Look into the dashboard's log.",
    ...(problem.requestId === undefined ? {} : { requestId: problem.requestId }),
    ...(problem.errors === undefined ? {} : { errors: problem.errors }),
  });
}
