import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import type { CredentialSource, Credentials } from "./credentials.ts";
import { KubeError, noAnswerFrom, type ResponseHeaders } from "./kube-error.ts";
import type { LogStreamStats } from "./log-streams.ts";
import { openWires, type Wires } from "./wires.ts";

export interface ConnectionOptions {
  userAgent: string;
  /** How long one call may take from sending to its whole answer; for streams, to their first byte. */
  requestTimeoutMs: number;
  /** Most TCP connections for requests. */
  connections: number;
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Call {
  method?: "GET" | "POST" | "PATCH" | "DELETE";
  path: string;
  query?: Query;
  body?: unknown;
  /** Of the body. Default: application/json. */
  contentType?: string;
  signal?: AbortSignal | undefined;
  /** Hears the headers of a success. */
  onHeaders?(headers: ResponseHeaders): void;
}

/** After this many TLS failures in a row the CA or the certificate has probably been replaced on disk. */
const TLS_FAILURES = 3;

interface Line {
  credentials: Credentials;
  wires: Wires;
  headers: Record<string, string>;
}

/** One attempt at a call, with the right credentials on the right connection. Repeating is the caller's matter, except once after 401. */
export class Connection {
  readonly #source: CredentialSource;
  readonly #options: ConnectionOptions;
  #wires: Wires | undefined;
  /** Replaced, but still carrying calls. */
  readonly #retired = new Set<Wires>();
  #tlsFailures = 0;
  #closed = false;

  constructor(source: CredentialSource, options: ConnectionOptions) {
    this.#source = source;
    this.#options = options;
  }

  get logs(): LogStreamStats {
    return this.#wires?.logs.stats ?? { protocol: "unknown", sessions: 0, follows: 0 };
  }

  /** Whether there is room to follow one more log. */
  get canFollow(): boolean {
    return this.#wires?.logs.canFollow ?? true;
  }

  /** @throws KubeError, or the signal's reason */
  async json(call: Call): Promise<unknown> {
    return linked(call.signal, abort =>
      this.#authorized(abort.signal, line =>
        withDeadline(this.#options.requestTimeoutMs, abort, async signal => {
          const answer = await this.#send(line, line.wires.requests, call, signal);
          const text = await answer.body.text();
          if (answer.statusCode >= 300) throw KubeError.fromResponse(answer.statusCode, answer.headers, text);
          call.onHeaders?.(answer.headers);
          return parseJson(text);
        }),
      ),
    );
  }

  /** Opens a watch. @param abort the stream's own; ends the body too */
  watch(call: Call, abort: AbortController): Promise<Readable> {
    return this.#authorized(abort.signal, line =>
      withDeadline(this.#options.requestTimeoutMs, abort, async signal => {
        const answer = await this.#send(line, line.wires.watches, call, signal);
        if (answer.statusCode !== 200) throw KubeError.fromResponse(answer.statusCode, answer.headers, await answer.body.text());
        return answer.body;
      }),
    );
  }

  /**
   * Opens a log.
   * @param follow the answer does not end by itself
   * @param abort the stream's own; ends the body too
   */
  log(call: Call, follow: boolean, abort: AbortController): Promise<AsyncIterable<Buffer>> {
    return this.#authorized(abort.signal, ({ credentials, wires, headers }) =>
      withDeadline(this.#options.requestTimeoutMs, abort, async signal => {
        const answer = await wires.logs.open(pathOf(credentials.server, call), headers, follow, signal);
        if (answer.status !== 200) throw KubeError.fromResponse(answer.status, answer.headers, await textOf(answer.body));
        return answer.body;
      }),
    );
  }

  /** Ends everything that is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#source.close();
    this.#retire();
    await Promise.all([...this.#retired].map(wires => wires.destroy()));
  }

  async #authorized<T>(signal: AbortSignal, send: (line: Line) => Promise<T>): Promise<T> {
    for (let reloaded = false; ; reloaded = true) {
      signal.throwIfAborted();
      const line = await this.#line();
      try {
        const answer = await send(line);
        this.#tlsFailures = 0;
        return answer;
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        const failure = noAnswerFrom(error);
        if (failure.isTls) await this.#onTlsFailure(line.credentials);
        if (!failure.isUnauthorized || reloaded) throw failure;
        await this.#source.reload(line.credentials);
      }
    }
  }

  async #line(): Promise<Line> {
    if (this.#closed) throw KubeError.noAnswer("Network", "the connection to the API server was closed");
    const credentials = await this.#source.current();
    if (this.#wires?.fingerprint !== credentials.fingerprint) {
      this.#retire();
      this.#wires = openWires(credentials, this.#options.connections);
    }
    const headers = { accept: "application/json", "user-agent": this.#options.userAgent, ...credentials.headers };
    return { credentials, wires: this.#wires, headers };
  }

  #send(line: Line, dispatcher: Dispatcher, call: Call, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const { server } = line.credentials;
    const sent = { origin: server.origin, path: pathOf(server, call), method: call.method ?? "GET", signal };
    if (call.body === undefined) return dispatcher.request({ ...sent, headers: line.headers });
    const headers = { ...line.headers, "content-type": call.contentType ?? "application/json" };
    // undici closes the connection after a DELETE with a body unless told not to: a TLS handshake for every pod.
    return dispatcher.request({ ...sent, headers, body: JSON.stringify(call.body), reset: false });
  }

  async #onTlsFailure(refused: Credentials): Promise<void> {
    if (++this.#tlsFailures < TLS_FAILURES) return;
    this.#tlsFailures = 0;
    await this.#source.reload(refused);
    this.#retire();
  }

  #retire(): void {
    const wires = this.#wires;
    this.#wires = undefined;
    if (wires === undefined) return;
    this.#retired.add(wires);
    void wires.retire().then(() => this.#retired.delete(wires));
  }
}

/** Runs with a controller of its own that the outer signal aborts too; leaves no listener behind on a long-lived signal. */
async function linked<T>(outer: AbortSignal | undefined, run: (abort: AbortController) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const forward = () => abort.abort(outer?.reason);
  outer?.addEventListener("abort", forward, { once: true });
  try {
    if (outer?.aborted) forward();
    return await run(abort);
  } finally {
    outer?.removeEventListener("abort", forward);
  }
}

async function withDeadline<T>(ms: number, abort: AbortController, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const tooLate = () => abort.abort(KubeError.noAnswer("Timeout", `the API server did not answer within ${ms} ms`));
  const timer = setTimeout(tooLate, ms);
  try {
    return await run(abort.signal);
  } finally {
    clearTimeout(timer);
  }
}

function pathOf(server: URL, { path, query }: Call): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) parameters.set(name, String(value));
  const search = parameters.size > 0 ? `?${parameters}` : "";
  return `${server.pathname.replace(/\/$/, "")}${path}${search}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw KubeError.noAnswer("Network", `the answer is no JSON: ${text.slice(0, 200)}`, error);
  }
}

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
