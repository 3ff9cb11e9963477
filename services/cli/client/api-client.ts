import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import { WindlassError } from "#core/errors.ts";
import type { AnyRoute } from "../../dashboard/http/route.ts";
import { ApiProblem } from "./api-problem.ts";

export interface ApiOptions {
  /** Of the dashboard, without a path: "http://127.0.0.1:8080". */
  url: string;
  /** Sent as bearer token. */
  token?: string | undefined;
  /** Ends every request. */
  signal: AbortSignal;
  /** How long one attempt may take to its whole answer; of streams to their head. Default 10 s. */
  timeoutMs?: number;
}

type Scalar = string | number | boolean | undefined;

/** The parts of a request that the route's own schemas describe. */
export interface CallParts<Route extends AnyRoute> {
  params?: z.input<Route["params"]>;
  query?: { [Name in keyof z.output<Route["query"]>]?: Scalar };
  body?: z.input<Route["body"]>;
  headers?: Readonly<Record<string, string>>;
}

/** What the route answers with, "stream" apart. */
export type ReplyOf<Route extends AnyRoute> = z.output<Exclude<Route["reply"], "stream">>;

const ATTEMPTS = 3;
const PAUSE_MS = 300;
const AGAIN = new Set([502, 503, 504]);

/** Calls the server's routes by their own definitions: path, input and reply are the server's, and cannot be others. */
export class ApiClient {
  readonly url: string;
  readonly #options: ApiOptions;

  constructor(options: ApiOptions) {
    this.url = options.url.replace(/\/+$/, "");
    this.#options = options;
  }

  /** @throws ApiProblem when the server says no; WL_CLI_UNREACHABLE when it does not answer; the signal's reason */
  async call<Route extends AnyRoute>(route: Route, parts: CallParts<Route> = {}): Promise<ReplyOf<Route>> {
    const response = await this.#send(route, parts, { accept: "application/json" });
    return (await this.#read(() => response.json())) as ReplyOf<Route>;
  }

  /** The answer as it comes, for routes that stream. Not ended by the timeout once it has begun. */
  async stream<Route extends AnyRoute>(route: Route, parts: CallParts<Route> = {}): Promise<Response> {
    return this.#send(route, parts, {});
  }

  /** What `call` would send. */
  describe<Route extends AnyRoute>(route: Route, parts: CallParts<Route> = {}): { method: string; url: string; body?: unknown } {
    return {
      method: route.method.toUpperCase(),
      url: this.#urlOf(route, parts),
      ...(parts.body === undefined ? {} : { body: parts.body }),
    };
  }

  #urlOf<Route extends AnyRoute>(route: Route, { params, query = {} }: CallParts<Route>): string {
    const values = (params ?? {}) as Readonly<Record<string, unknown>>;
    const path = route.path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(values[name])));
    const given = Object.entries(query as Record<string, Scalar>).filter(([, value]) => value !== undefined);
    const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString();
    return `${this.url}${path}${search === "" ? "" : `?${search}`}`;
  }

  async #send<Route extends AnyRoute>(
    route: Route,
    parts: CallParts<Route>,
    more: Readonly<Record<string, string>>,
  ): Promise<Response> {
    const { token } = this.#options;
    const { body, headers = {} } = parts;
    const url = this.#urlOf(route, parts);
    const init = {
      method: route.method.toUpperCase(),
      headers: {
        ...more,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: "manual" as const,
    };
    // Sent again only what may arrive twice.
    const isRepeatable = route.method !== "post" || "idempotency-key" in headers;
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt === ATTEMPTS || !isRepeatable;
      const response = await this.#attempt(url, init, isLast);
      if (response !== undefined && (response.ok || response.status === 303 || response.status === 304)) return response;
      if (response !== undefined && (isLast || !AGAIN.has(response.status)))
        throw new ApiProblem(response.status, await this.#read(() => response.text()));
      await sleep(PAUSE_MS * attempt, undefined, { signal: this.#options.signal });
    }
  }

  /** One request that no route describes. @throws WL_CLI_UNREACHABLE, or the signal's reason */
  async reach(url: string, init: RequestInit): Promise<Response> {
    return (await this.#attempt(url, init, true))!;
  }

  /** undefined: nobody answered, and there is another attempt. */
  async #attempt(url: string, init: RequestInit, isLast: boolean): Promise<Response | undefined> {
    const { signal, timeoutMs = 10_000 } = this.#options;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new Error(`no answer within ${timeoutMs / 1_000} s`)), timeoutMs);
    try {
      return await fetch(url, { ...init, signal: AbortSignal.any([signal, late.signal]) });
    } catch (error) {
      signal.throwIfAborted();
      if (isLast) throw this.#unreachable(error);
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The rest of an answer; the connection may be cut while it comes. */
  async #read<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      this.#options.signal.throwIfAborted();
      throw this.#unreachable(error);
    }
  }

  #unreachable(error: unknown): WindlassError {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const code = (cause as NodeJS.ErrnoException).code;
    const reason = code ?? (cause instanceof Error ? cause.message : String(cause));
    return new WindlassError("WL_CLI_UNREACHABLE", `${this.url} does not answer: ${reason}`, { cause: error });
  }
}
