import { randomUUID } from "node:crypto";
import { type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { Problem } from "#contract/problem.ts";
import { ERRORS, type ErrorCode } from "#core/errors.ts";
import { statusOf } from "./status.ts";

/** No caller of ours sends more. Node counts on its own how long they may be together: 16 KiB. */
const MAX_HEADERS = 200;

/** What Node's parser calls it, and what we do. Everything else is WL_REQUEST. */
const CODES: Readonly<Record<string, readonly [code: ErrorCode, detail: string]>> = {
  HPE_HEADER_OVERFLOW: ["WL_HEADERS", "path and headers are longer than 16 KiB"],
  ERR_HTTP_REQUEST_TIMEOUT: ["WL_REQUEST", "the request came too slowly"],
};

/** Answers what is no HTTP request, and so reaches no route, with a problem as well; then the connection is closed. */
export function refuseBroken(server: Server): void {
  server.maxHeadersCount = MAX_HEADERS;
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (!socket.writable || error.code === "ECONNRESET") {
      socket.destroy();
      return;
    }
    const [code, detail] = CODES[error.code ?? ""] ?? ["WL_REQUEST", "the request is no HTTP"];
    const status = statusOf(code);
    const title = STATUS_CODES[status] ?? "Error";
    const requestId = randomUUID();
    const problem: Problem = {
      type: `/api/docs/errors/${code}`,
      title,
      status,
      detail,
      code,
      instance: "",
      requestId,
      next: ERRORS[code],
    };
    const body = JSON.stringify(problem);
    const head = [
      `HTTP/1.1 ${status} ${title}`,
      "Content-Type: application/problem+json",
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${requestId}`,
      "Connection: close",
    ];
    socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
  });
}
