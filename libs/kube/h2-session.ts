import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect as connectHttp2,
  constants,
  type IncomingHttpHeaders,
} from "node:http2";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import type { TlsMaterial } from "./credentials.ts";
import { KubeError, noAnswerFrom } from "./kube-error.ts";

/** kube-apiserver allows this many; a server that allows more is not asked for more, so that one lost connection costs little. */
export const STREAMS_PER_SESSION = 100;

/** What one log may send ahead of its reader, and what all of a connection may: a reader that is slow must not stop the others. */
const STREAM_WINDOW_BYTES = 256 * 1024;
const SESSION_WINDOW_BYTES = STREAM_WINDOW_BYTES * STREAMS_PER_SESSION;

const CONNECT_TIMEOUT_MS = 10_000;
const PING_EVERY_MS = 30_000;
const PING_TIMEOUT_MS = 15_000;

/** One HTTP/2 connection. Pings tell a dead one from a quiet one; after GOAWAY it takes no new streams. */
export class H2Session {
  readonly #session: ClientHttp2Session;
  readonly #onChange: () => void;
  readonly #pings: NodeJS.Timeout;
  #streams = 0;
  #goneAway = false;

  private constructor(session: ClientHttp2Session, onChange: () => void) {
    this.#session = session;
    this.#onChange = onChange;
    this.#pings = setInterval(() => this.#ping(), PING_EVERY_MS);
    this.#pings.unref();
    session.once("goaway", () => {
      this.#goneAway = true;
      onChange();
    });
    session.once("close", () => {
      clearInterval(this.#pings);
      onChange();
    });
  }

  /**
   * Connects. TLS servers are asked by ALPN, plain ones are spoken to as if they knew (prior knowledge).
   * @returns undefined when the server speaks only HTTP/1.1
   * @throws KubeError `Network`, `Timeout` or `Tls`
   */
  static async connect(server: URL, tls: TlsMaterial, onChange: () => void): Promise<H2Session | undefined> {
    const socket = await openSocket(server, tls);
    if ("alpnProtocol" in socket && socket.alpnProtocol !== "h2") {
      socket.destroy();
      return undefined;
    }
    socket.setKeepAlive(true, PING_EVERY_MS);
    const session = connectHttp2(server, {
      createConnection: () => socket,
      settings: { initialWindowSize: STREAM_WINDOW_BYTES },
    });
    if (!(await speaksHttp2(session))) {
      session.destroy();
      if ("alpnProtocol" in socket) throw KubeError.noAnswer("Network", `${server.host} agreed on HTTP/2 and did not speak it`);
      return undefined;
    }
    session.setLocalWindowSize(SESSION_WINDOW_BYTES);
    // Every stream hears of the failure itself; without a listener the process would end.
    session.on("error", onChange);
    return new H2Session(session, onChange);
  }

  get isOpen(): boolean {
    return !this.#goneAway && !this.#session.closed && !this.#session.destroyed;
  }

  get streams(): number {
    return this.#streams;
  }

  get streamLimit(): number {
    return Math.min(this.#session.remoteSettings.maxConcurrentStreams ?? STREAMS_PER_SESSION, STREAMS_PER_SESSION);
  }

  /** Takes a stream, in the same turn in which it was found free. */
  reserve(): void {
    this.#streams++;
  }

  /** Sends a GET on a reserved stream and waits for its headers. */
  async get(path: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<H2Answer> {
    const lowerCase = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    let stream: ClientHttp2Stream;
    try {
      stream = this.#session.request({ ...lowerCase, ":method": "GET", ":path": path }, { endStream: true });
    } catch (error) {
      this.#streams--;
      throw KubeError.noAnswer("Network", "the HTTP/2 connection was closed", error);
    }
    stream.once("close", () => {
      this.#streams--;
      this.#onChange();
    });
    const abort = () => stream.close(constants.NGHTTP2_CANCEL);
    signal.addEventListener("abort", abort, { once: true });
    stream.once("close", () => signal.removeEventListener("abort", abort));
    if (signal.aborted) abort();
    const answer = await responseOf(stream);
    return { status: answer[":status"] ?? 0, headers: answer, body: readBody(stream) };
  }

  /** No new streams; the connection ends with its last one. */
  retire(): void {
    if (!this.#session.closed) this.#session.close();
  }

  destroy(): void {
    this.#session.destroy();
  }

  #ping(): void {
    if (this.#session.destroyed || this.#streams === 0) return;
    const dead = setTimeout(() => this.#session.destroy(), PING_TIMEOUT_MS);
    dead.unref();
    this.#session.ping(() => clearTimeout(dead));
  }
}

export interface H2Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: AsyncIterable<Buffer>;
}

function openSocket(server: URL, tls: TlsMaterial): Promise<Socket | TLSSocket> {
  const host = server.hostname.replace(/^\[|\]$/g, "");
  const secure = server.protocol === "https:";
  const port = Number(server.port || (secure ? 443 : 80));
  const socket = secure
    ? connectTls({ host, port, ALPNProtocols: ["h2", "http/1.1"], ...(isIP(host) ? {} : { servername: host }), ...tls })
    : connectTcp({ host, port });
  return new Promise((resolve, reject) => {
    const tooLate = setTimeout(
      () => fail(KubeError.noAnswer("Timeout", `no connection to ${server.host} in time`)),
      CONNECT_TIMEOUT_MS,
    );
    const fail = (error: Error) => {
      clearTimeout(tooLate);
      socket.destroy();
      reject(noAnswerFrom(error));
    };
    socket.once("error", fail);
    socket.once(secure ? "secureConnect" : "connect", () => {
      clearTimeout(tooLate);
      socket.off("error", fail);
      resolve(socket);
    });
  });
}

/** An HTTP/2 server speaks first: its SETTINGS. Anything else on a connection that was accepted is another protocol. */
function speaksHttp2(session: ClientHttp2Session): Promise<boolean> {
  return new Promise(resolve => {
    const tooLate = setTimeout(() => decide(false), CONNECT_TIMEOUT_MS);
    const decide = (yes: boolean) => {
      clearTimeout(tooLate);
      session.off("close", no);
      resolve(yes);
    };
    const no = () => decide(false);
    session.on("error", no);
    session.once("close", no);
    session.once("remoteSettings", () => {
      session.off("error", no);
      decide(true);
    });
  });
}

function responseOf(stream: ClientHttp2Stream): Promise<IncomingHttpHeaders & { ":status"?: number | undefined }> {
  return new Promise((resolve, reject) => {
    const fail = (error?: Error) => reject(noAnswerFrom(error ?? new Error("the stream was closed before an answer")));
    stream.on("error", fail);
    stream.once("close", fail);
    stream.once("response", headers => {
      stream.off("close", fail);
      resolve(headers);
    });
  });
}

/** The bytes; throws when the stream was reset, which Node reports like a proper end. */
async function* readBody(stream: ClientHttp2Stream): AsyncGenerator<Buffer> {
  for await (const chunk of stream) yield chunk as Buffer;
  if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) {
    throw KubeError.noAnswer("Network", `the stream was reset (HTTP/2 code ${stream.rstCode})`);
  }
}
