import { once } from "node:events";
import { createServer } from "node:net";
import type { Finding } from "./finding.ts";

export interface Port {
  /** Who listens there. */
  service: string;
  host: string;
  port: number;
  /** What says another one. */
  variable: string;
}

/** Whether services can listen where they are told to; one that runs already is as good. */
export async function checkPort({ service, host, port, variable }: Port): Promise<Finding> {
  const where = `${host}:${port}`;
  const trouble = await tryToListen(host, port);
  if (trouble === undefined) return { check: "ports", state: "ok", sentence: `${where} is free for the ${service}` };
  if (trouble === "EADDRINUSE" && (await isWindlass(host, port)))
    return { check: "ports", state: "ok", sentence: `a ${service} answers on ${where}` };
  const sentence =
    trouble === "EADDRINUSE" ? `${where} is taken by another program` : `the ${service} cannot listen on ${where}: ${trouble}`;
  return { check: "ports", state: "wrong", sentence, fix: `Give the ${service} another port: ${variable}` };
}

async function tryToListen(host: string, port: number): Promise<string | undefined> {
  const server = createServer();
  server.listen(port, host);
  try {
    await once(server, "listening");
    server.close();
    await once(server, "close");
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

/** All services answer for their liveness, without a login. */
async function isWindlass(host: string, port: number): Promise<boolean> {
  try {
    return (await fetch(`http://${host}:${port}/livez`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch (error) {
    if (error instanceof Error) return false; // something else listens
    throw error;
  }
}
