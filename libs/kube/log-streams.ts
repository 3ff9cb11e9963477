import { once } from "node:events";
import type { Dispatcher } from "undici";
import type { Credentials } from "./credentials.ts";
import { H2Session, STREAMS_PER_SESSION } from "./h2-session.ts";
import { KubeError, noAnswerFrom, type ResponseHeaders } from "./kube-error.ts";

/** HTTP/2 connections for logs: with 8 for requests and one per watch a worker stays within 16. */
const MAX_SESSIONS = 7;
/** Connections for logs when the server speaks only HTTP/1.1: one log each. */
export const MAX_H1_LOGS = 7;
/** How much of the room follows may take. The rest is for reads that end by themselves: they let a finished pod be deleted. */
const FOLLOW_SHARE = 0.9;
const MAX_H1_FOLLOWS = MAX_H1_LOGS - 2;
/** How long an answer of "HTTP/1.1 only" is believed: a rollout may change it. */
const H1_BELIEVED_MS = 300_000;
const IDLE_SESSION_MS = 10_000;

export interface LogAnswer {
  status: number;
  headers: ResponseHeaders;
  body: AsyncIterable<Buffer>;
}

/** What {@link LogStreams} holds at this moment. */
export interface LogStreamStats {
  protocol: "unknown" | "h2" | "h1";
  sessions: number;
  follows: number;
}

/**
 * Carries log reads over few connections: HTTP/2 streams where the server speaks it, else a bounded number of HTTP/1.1
 * connections. Five hundred followed logs take six connections instead of five hundred.
 */
export class LogStreams {
  readonly #credentials: Credentials;
  readonly #h1: Dispatcher;
  readonly #events = new EventTarget();
  #sessions: H2Session[] = [];
  #connecting: Promise<void> | undefined;
  #h1Until = 0;
  #spokeH2 = false;
  #follows = 0;
  #reading = 0;
  #closed = false;
  #idle: NodeJS.Timeout | undefined;

  /** @param onlyH1 behind a proxy there is no HTTP/2 */
  constructor(credentials: Credentials, h1: Dispatcher, onlyH1: boolean) {
    this.#credentials = credentials;
    this.#h1 = h1;
    if (onlyH1) this.#h1Until = Number.POSITIVE_INFINITY;
  }

  get stats(): LogStreamStats {
    const protocol = this.#isH1 ? "h1" : this.#spokeH2 ? "h2" : "unknown";
    return { protocol, sessions: this.#sessions.length, follows: this.#follows };
  }

  /** Whether another log may be followed now; when not, read it from time to time. */
  get canFollow(): boolean {
    const limit = this.#sessions[0]?.streamLimit ?? STREAMS_PER_SESSION;
    return this.#follows < (this.#isH1 ? MAX_H1_FOLLOWS : MAX_SESSIONS * followLimit(limit));
  }

  /**
   * Opens a GET. The body has to be read to its end, or left by ending its iteration, or by aborting the signal.
   * @param follow the read has no end of its own
   * @throws KubeError without an answer; an answer of any status is returned
   */
  async open(path: string, headers: Readonly<Record<string, string>>, follow: boolean, signal: AbortSignal): Promise<LogAnswer> {
    if (follow) this.#follows++;
    this.#reading++;
    const release = () => {
      if (follow) this.#follows--;
      this.#reading--;
      this.#changed();
    };
    try {
      const answer = await this.#get(path, headers, follow, signal);
      return { ...answer, body: withRelease(answer.body, signal, release) };
    } catch (error) {
      release();
      throw error;
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#idle);
    for (const session of this.#sessions) session.destroy();
    this.#changed();
  }

  get #isH1(): boolean {
    return Date.now() < this.#h1Until;
  }

  async #get(path: string, headers: Readonly<Record<string, string>>, follow: boolean, signal: AbortSignal): Promise<LogAnswer> {
    const session = await this.#session(follow, signal);
    if (session !== undefined) return session.get(path, headers, signal);
    // Found out only now: many may have come while the protocol was unknown.
    if (follow && this.#follows > MAX_H1_FOLLOWS) throw KubeError.noAnswer("Network", "no connection is free to follow this log");
    const origin = this.#credentials.server.origin;
    try {
      const { statusCode, headers: answered, body } = await this.#h1.request({ origin, path, method: "GET", headers, signal });
      return { status: statusCode, headers: answered, body };
    } catch (error) {
      throw signal.aborted ? signal.reason : noAnswerFrom(error);
    }
  }

  /** A connection with a stream reserved for the caller; undefined means HTTP/1.1. Waits while all are full. */
  async #session(follow: boolean, signal: AbortSignal): Promise<H2Session | undefined> {
    for (;;) {
      signal.throwIfAborted();
      if (this.#closed) throw noAnswerFrom(new Error("the connections were closed"));
      if (this.#isH1) return undefined;
      const open = this.#sessions.filter(session => session.isOpen);
      const free = open.find(({ streams, streamLimit }) => streams < (follow ? followLimit(streamLimit) : streamLimit));
      if (free !== undefined) {
        free.reserve();
        return free;
      }
      if (open.length < MAX_SESSIONS) {
        this.#connecting ??= this.#connect();
        await abortable(this.#connecting, signal);
      } else await once(this.#events, "change", { signal });
    }
  }

  async #connect(): Promise<void> {
    try {
      const session = await H2Session.connect(this.#credentials.server, this.#credentials.tls, () => this.#changed());
      if (session === undefined) this.#h1Until = Date.now() + H1_BELIEVED_MS;
      else {
        this.#spokeH2 = true;
        this.#sessions.push(session);
        if (this.#closed) session.destroy();
      }
    } finally {
      this.#connecting = undefined;
    }
  }

  #changed(): void {
    this.#sessions = this.#sessions.filter(session => session.isOpen || session.streams > 0);
    this.#events.dispatchEvent(new Event("change"));
    if (this.#closed || this.#reading > 0) return;
    this.#idle ??= setTimeout(() => {
      this.#idle = undefined;
      if (this.#reading === 0) for (const session of this.#sessions) session.retire();
    }, IDLE_SESSION_MS).unref();
  }
}

/** The promise, unless the signal is aborted first. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    void promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

const followLimit = (streamLimit: number): number => Math.ceil(streamLimit * FOLLOW_SHARE);

/** Calls `release` once: when the iteration ends in any way, or when the signal is aborted before it began. */
function withRelease(body: AsyncIterable<Buffer>, signal: AbortSignal, release: () => void): AsyncIterable<Buffer> {
  let released = false;
  const once = () => {
    if (released) return;
    released = true;
    signal.removeEventListener("abort", once);
    release();
  };
  signal.addEventListener("abort", once, { once: true });
  return {
    async *[Symbol.asyncIterator]() {
      try {
        yield* body;
      } catch (error) {
        throw signal.aborted ? signal.reason : noAnswerFrom(error);
      } finally {
        once();
      }
    },
  };
}
