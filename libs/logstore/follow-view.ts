import type { LogChunk } from "./log-store.ts";
import { type LogView, linesFrom } from "./log-view.ts";

export interface FollowViewOptions {
  /** The log as it is now; undefined while there is none. */
  look(): Promise<LogView | undefined>;
  /** Resolves when looking again may show something new; soon after an abort at the latest. */
  changed(): Promise<void>;
  fromByte: number;
  signal: AbortSignal;
}

/** Whole lines as they are appended. The half line that a crash leaves is held back until the log ends or is resumed. */
export async function* followView({
  look,
  changed,
  fromByte,
  signal,
}: FollowViewOptions): AsyncGenerator<LogChunk, void, undefined> {
  let at = fromByte;
  while (!signal.aborted) {
    const view = await look();
    if (view !== undefined) {
      for await (const chunk of linesFrom(view, at)) {
        yield chunk;
        at = chunk.toByte;
        if (signal.aborted) return;
      }
      if (view.ended) return;
    }
    await changed();
  }
}
