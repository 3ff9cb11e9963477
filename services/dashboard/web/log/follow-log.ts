import type { LogLineReply } from "#contract/log-lines.ts";
import { EventBlocks } from "./event-blocks.ts";
import { parseLine } from "./parse-line.ts";

interface FollowOptions {
  /** Of the log; asked with `follow`. */
  url: string;
  /** Goes on behind this byte. */
  fromByte: number;
  signal: AbortSignal;
  onLines: (lines: LogLineReply[]) => void;
  /** Nothing follows. */
  onEnd: () => void;
}

const AGAIN_AFTER_MS = 1_000;

/** Follows a log until it ends or the signal does; after a cut it goes on at the byte where it was. */
export async function followLog({ url, fromByte, signal, onLines, onEnd }: FollowOptions): Promise<void> {
  let at = fromByte;
  let part = "";
  while (!signal.aborted) {
    try {
      for await (const event of eventsOf(url, at, signal)) {
        if (event.type === "end") return onEnd();
        at = Number(event.id);
        if (event.type === "part") {
          part += event.data;
          continue;
        }
        const texts = (part + event.data).split("\n");
        part = "";
        onLines(texts.map(parseLine));
      }
    } catch (error) {
      if (signal.aborted) return;
      // The server is away, or was for a moment: it is asked again until the reader leaves.
      if (!(error instanceof TypeError)) throw error;
    }
    await pause(AGAIN_AFTER_MS, signal);
  }
}

/** EventSource cannot name the byte where it begins. @throws {TypeError} when the connection breaks, as fetch does */
async function* eventsOf(url: string, fromByte: number, signal: AbortSignal) {
  const response = await fetch(url, { signal, headers: { Accept: "text/event-stream", "Last-Event-ID": String(fromByte) } });
  if (!response.ok || response.body === null) throw new TypeError(`the log's stream was answered ${response.status}`);
  const blocks = new EventBlocks();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) yield* blocks.add(read.value);
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
