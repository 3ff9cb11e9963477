import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttp2Server, type Http2Session } from "node:http2";
import { createServer, type Socket } from "node:net";

/** Every HTTP/2 connection without TLS starts with this. */
const HTTP2_PREFACE = Buffer.from("PRI * HTTP/2.0");

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

export interface ConnectionCounts {
  /** Open now. */
  open: number;
  /** The most that were ever open at once. */
  max: number;
  /** Accepted since the start. */
  total: number;
}

export interface Listener {
  port: number;
  connections: ConnectionCounts;
  /** Cuts every connection and frees the port. */
  close(): Promise<void>;
}

/** Serves HTTP/1.1 and HTTP/2 (prior knowledge) on one port with one handler. */
export async function listen(host: string, port: number, handle: RequestHandler): Promise<Listener> {
  const connections: ConnectionCounts = { open: 0, max: 0, total: 0 };
  const sockets = new Set<Socket>();
  const http1 = createHttpServer({ keepAliveTimeout: 120_000 }, handle);
  // Node's compatible request and response for HTTP/2 offer what the handler uses; their types are not assignable.
  const http2 = createHttp2Server({}, handle as unknown as Parameters<typeof createHttp2Server>[1]);
  // A session that breaks is a client that went away; its streams report it where it matters.
  http2.on("session", (session: Http2Session) => session.on("error", () => session.destroy()));

  const server = createServer(socket => {
    sockets.add(socket);
    connections.total++;
    connections.open++;
    connections.max = Math.max(connections.max, connections.open);
    // A client that goes away is an everyday event; "close" follows and does the bookkeeping.
    socket.on("error", () => socket.destroy());
    socket.once("close", () => {
      sockets.delete(socket);
      connections.open--;
    });
    hand(socket, Buffer.alloc(0));
  });

  function hand(socket: Socket, seen: Buffer): void {
    socket.once("data", chunk => {
      const start = Buffer.concat([seen, chunk]);
      socket.pause();
      const length = Math.min(start.length, HTTP2_PREFACE.length);
      const mayBeHttp2 = start.subarray(0, length).equals(HTTP2_PREFACE.subarray(0, length));
      if (mayBeHttp2 && length < HTTP2_PREFACE.length) {
        hand(socket, start);
        socket.resume();
        return;
      }
      (mayBeHttp2 ? http2 : http1).emit("connection", socket);
      socket.unshift(start);
      socket.resume();
    });
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    connections,
    async close() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      http1.close();
      http2.close();
      await closed;
    },
  };
}
