import { connect } from "node:net";
import { percentile } from "./percentiles.ts";

/** What the bench asks for. */
export interface LiveClientsOrder {
  port: number;
  /** One connection each: paths to be watched for ever. */
  paths: readonly string[];
}

/** What the clients have seen since the last look. */
export interface LiveClientsReport {
  /** That have had an answer. */
  connected: number;
  /** That were closed or refused. */
  lost: number;
  events: number;
  resyncs: number;
  logLines: number;
  /** From the change to a client, in ms. */
  p50Ms: number;
  p99Ms: number;
}

/** Clients of the dashboard in a process of their own: plain sockets, so that they cost less than what is measured. */
const seen = { events: 0, resyncs: 0, logLines: 0, latenciesMs: [] as number[] };
const alive = new Set<string>();
let lost = 0;

function watch(port: number, path: string, index: number): void {
  const name = `${index} ${path}`;
  const isLog = path.includes("/logs?");
  const socket = connect(port, "127.0.0.1", () =>
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: text/event-stream\r\n\r\n`),
  );
  socket.setEncoding("latin1");
  socket.on("data", (text: string) => {
    if (text.startsWith("HTTP/1.1 ")) {
      if (text.startsWith("HTTP/1.1 200")) alive.add(name);
      else socket.destroy();
    }
    if (isLog) {
      seen.logLines += text.split("\ndata: ").length - 1;
      return;
    }
    seen.events += text.split("event: ").length - 1;
    seen.resyncs += text.split("event: resync").length - 1;
    // Every client's every event would cost more than what is measured.
    const [, at] = (index % 50 === 0 && /"at":"([^"]+)"}\nid/.exec(text)) || [];
    if (at !== undefined) seen.latenciesMs.push(Date.now() - Date.parse(at));
  });
  socket.on("error", () => socket.destroy());
  socket.on("close", () => {
    alive.delete(name);
    lost++;
  });
}

process.on("message", (message: LiveClientsOrder | "look") => {
  if (message !== "look") {
    for (const [index, path] of message.paths.entries()) setTimeout(() => watch(message.port, path, index), index);
    return;
  }
  const { latenciesMs, ...counts } = seen;
  const report: LiveClientsReport = {
    connected: alive.size,
    lost,
    ...counts,
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
  };
  Object.assign(seen, { events: 0, resyncs: 0, logLines: 0, latenciesMs: [] });
  process.send?.(report);
});
process.on("disconnect", () => process.exit(0));
