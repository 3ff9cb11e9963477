import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface ReceivedHook {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** An HTTP server on loopback that keeps what is posted to it. */
export interface HookServer {
  url: string;
  hooks: ReceivedHook[];
  /** What it answers to the request of that number, counted from 1; undefined: it never answers. Default: 200. */
  answer: (number: number) => number | undefined;
  close(): void;
}

export async function openHookServer(): Promise<HookServer> {
  const hooks: ReceivedHook[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    hooks.push({ path: request.url ?? "", headers: request.headers, body });
    const status = opened.answer(hooks.length);
    if (status !== undefined) response.writeHead(status).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const opened: HookServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hooks,
    answer: () => 200,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return opened;
}
