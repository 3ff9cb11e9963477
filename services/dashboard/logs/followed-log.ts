import type { LogChunk } from "#logstore/log-store.ts";
import { withPulse } from "../with-pulse.ts";

export interface FollowOptions {
  follow: (fromByte: number, signal: AbortSignal) => AsyncIterable<LogChunk>;
  /** Where the log is followed from. */
  fromByte: number;
  signal: AbortSignal;
  /** Asked while nothing comes: the log will not grow any more. */
  isOver: () => Promise<boolean>;
  /** How often the caller hears of a log that says nothing. Default 15 s. */
  pulseMs?: number;
}

/** How a followed log came to its end: its writer closed it, or died and nobody took over. */
export type LogEnd = "ended" | "abandoned";

/** A log as it is written: its lines, and "pulse" whenever nothing has come for a while. Returns how it ended; undefined: its caller went away. */
export async function* followedLog(options: FollowOptions): AsyncGenerator<LogChunk | "pulse", LogEnd | undefined, undefined> {
  const { follow, fromByte, signal, isOver, pulseMs = 15_000 } = options;
  const enough = new AbortController();
  let wasOver = false;
  for await (const chunk of withPulse(follow(fromByte, AbortSignal.any([signal, enough.signal])), pulseMs)) {
    yield chunk;
    if (chunk !== "pulse") {
      wasOver = false;
      continue;
    }
    // Twice in a row: what was printed last may still be on its way into the log.
    const over = await isOver();
    if (over && wasOver) {
      enough.abort(); // the follower waits, and would hold up the end of this loop
      return "abandoned";
    }
    wasOver = over;
  }
  return signal.aborted ? undefined : "ended";
}

/** Its lines alone, for formats that have no word for anything else. */
export async function* linesOf(followed: AsyncIterable<LogChunk | "pulse">): AsyncGenerator<LogChunk, void, undefined> {
  for await (const chunk of followed) if (chunk !== "pulse") yield chunk;
}
