import type { LogChunk } from "#logstore/log-store.ts";
import { withPulse } from "./with-pulse.ts";
import { stripStamps } from "./without-stamps.ts";

export interface LogEventOptions {
  follow: (fromByte: number, signal: AbortSignal) => AsyncIterable<LogChunk>;
  /** Where the log is followed from. */
  fromByte: number;
  timestamps: boolean;
  signal: AbortSignal;
  /** Asked while nothing comes: the log will not grow any more. */
  isOver: () => Promise<boolean>;
  /** How long nothing may come before a comment keeps the connection open. Default 15 s. */
  pulseMs?: number;
}

/**
 * A followed log as server-sent events: `message` events of whole lines whose id is the byte behind them, then `end` with
 * `{"reason": "ended" | "abandoned"}`. Without `end` the stream was cut: connect again with Last-Event-ID. A line of more than half a
 * MiB comes as `part` events and a `message` that ends it.
 */
export async function* logEvents(options: LogEventOptions): AsyncGenerator<string, void, undefined> {
  const { follow, fromByte, timestamps, signal, isOver, pulseMs = 15_000 } = options;
  const enough = new AbortController();
  let at = fromByte;
  let wasOver = false;
  yield "retry: 1000\n\n";
  for await (const chunk of withPulse(follow(fromByte, AbortSignal.any([signal, enough.signal])), pulseMs)) {
    if (chunk === "pulse") {
      yield ": alive\n\n";
      // Twice in a row: what was printed last may still be on its way into the log.
      const over = await isOver();
      if (over && wasOver) {
        enough.abort(); // the follower waits, and would hold up the end of this loop
        yield endEvent(at, "abandoned");
        return;
      }
      wasOver = over;
      continue;
    }
    wasOver = false;
    at = chunk.toByte;
    const text = chunk.data.toString("utf8");
    yield linesEvent(at, timestamps ? text : stripStamps(text));
  }
  if (!signal.aborted) yield endEvent(at, "ended");
}

/** A carriage return ends a line of an event stream as well. */
const linesEvent = (id: number, text: string): string => {
  const lines = text.replace(/\n$/, "").split(/\r\n|\r|\n/);
  const type = text.endsWith("\n") ? "" : "event: part\n";
  return `${type}id: ${id}\n${lines.map(line => `data: ${line}\n`).join("")}\n`;
};

const endEvent = (id: number, reason: "ended" | "abandoned"): string =>
  `event: end\nid: ${id}\ndata: ${JSON.stringify({ reason })}\n\n`;
