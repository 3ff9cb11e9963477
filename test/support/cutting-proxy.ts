import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A wire to a server that can be cut. TLS passes through unread. */
export interface CuttingProxy {
  /** The server's address, by way of the wire. */
  url: string;
  /** Connections so far. */
  readonly accepted: number;
  /** Resets every connection. */
  cut(): void;
  /** Nothing passes any more on the connections there are, and nobody is told. New ones are not touched. */
  mute(): void;
  /** Nothing passes, and no connection is accepted, until the returned function is called. */
  block(): () => void;
  close(): Promise<void>;
}

export async function startCuttingProxy(target: string): Promise<CuttingProxy> {
  const { protocol, hostname, port } = new URL(target);
  const pairs = new Set<readonly [Socket, Socket]>();
  let accepted = 0;
  let blocked = false;
  const server = createServer(near => {
    if (blocked) return void near.destroy();
    accepted++;
    const far = connect({ host: hostname, port: Number(port) });
    const pair = [near, far] as const;
    pairs.add(pair);
    const end = () => {
      near.destroy();
      far.destroy();
      pairs.delete(pair);
    };
    for (const socket of pair) socket.on("error", end).on("close", end);
    near.pipe(far).pipe(near);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = () => {
    for (const [near] of pairs) near.resetAndDestroy();
  };
  return {
    url: `${protocol}//127.0.0.1:${(server.address() as AddressInfo).port}`,
    get accepted() {
      return accepted;
    },
    cut,
    mute() {
      for (const [near, far] of pairs) {
        near.unpipe(far).pause();
        far.unpipe(near).pause();
      }
    },
    block() {
      blocked = true;
      cut();
      return () => {
        blocked = false;
      };
    },
    async close() {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}

/** The address in a kubeconfig's text. */
export function serverOf(kubeconfig: string): string {
  const [, server] = /\bserver"?: *["']?([^\s"',}]+)/.exec(kubeconfig) ?? [];
  if (server === undefined) throw new Error("the kubeconfig names no server");
  return server;
}
