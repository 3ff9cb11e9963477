import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createHealth, type Health, type HealthAnswer, type HealthOptions } from "./health.ts";

export interface HealthServerOptions extends HealthOptions {
  /** Default "127.0.0.1". */
  host?: string;
  /** 0 takes a free port. */
  port: number;
}

export interface HealthServer {
  url: string;
  close(): Promise<void>;
}

/** Serves {@link createHealth} for a service that has no HTTP of its own. Rejects when the port is taken. */
export async function startHealthServer({ host = "127.0.0.1", port, ...options }: HealthServerOptions): Promise<HealthServer> {
  const health = createHealth(options);
  const server = createServer((request, response) => {
    void answer(health, request.url ?? "/").then(({ status, contentType, body }) =>
      response.writeHead(status, { "content-type": contentType, "cache-control": "no-store" }).end(body),
    );
  });
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address() as AddressInfo;
  return {
    url: `http://${address.family === "IPv6" ? `[${address.address}]` : address.address}:${address.port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close(error => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

async function answer(health: Health, url: string): Promise<HealthAnswer> {
  const contentType = "text/plain; charset=utf-8";
  try {
    return (await health.answer(url)) ?? { status: 404, contentType, body: "not found\n" };
  } catch (error) {
    return { status: 500, contentType, body: `${String(error)}\n` };
  }
}
