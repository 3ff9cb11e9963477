import { StringDecoder } from "node:string_decoder";
import type { LogLine } from "./log-window.ts";

/** Where the API server finds the log of a container; `previous` is the one of the run before a restart. */
export interface LogSource {
  logOf(podUid: string, container: string, previous: boolean): ContainerLog | undefined;
}

export type Stream = "stdout" | "stderr";

/** Nanoseconds are what the stamps show; the clock behind them has microseconds. */
function stampNow(): string {
  const nowMs = performance.timeOrigin + performance.now();
  const fraction = String(Math.floor((nowMs % 1_000) * 1_000_000)).padStart(9, "0");
  return `${new Date(nowMs).toISOString().slice(0, 19)}.${fraction}Z`;
}

/** A follower's place in a log. It holds on to lines that were rotated away before it came to them, as an open file would. */
export interface LogCursor {
  /** The lines since the last call. */
  take(): LogLine[];
  close(): void;
}

/** Lines that were rotated away and that a follower has not read yet. */
interface Rotated {
  firstIndex: number;
  lines: LogLine[];
  bytes: number;
}

/** What followers may be behind, as a multiple of what can be read. */
const MOST_BEHIND = 6;

/**
 * The log of one run of a container, in memory. When it grows past the limit it is rotated: only the current file can be read, as on
 * a real node, so older lines are gone for readers, but not for those who follow it already.
 */
export class ContainerLog {
  readonly #limitBytes: number;
  readonly #pending: Record<Stream, { decoder: StringDecoder; text: string }> = {
    stdout: { decoder: new StringDecoder("utf8"), text: "" },
    stderr: { decoder: new StringDecoder("utf8"), text: "" },
  };
  readonly #followers = new Set<() => void>();
  readonly #cursors = new Set<{ index: number }>();
  #rotated: Rotated[] = [];
  #lines: LogLine[] = [];
  #firstIndex = 0;
  #bytes = 0;
  #closed = false;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The readable lines. */
  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  /** A place behind the last line there is. */
  cursor(): LogCursor {
    const place = { index: this.#endIndex };
    this.#cursors.add(place);
    return {
      take: () => {
        const lines = this.#from(place.index);
        place.index = this.#endIndex;
        this.#forgetRead();
        return lines;
      },
      close: () => {
        this.#cursors.delete(place);
        this.#forgetRead();
      },
    };
  }

  get #endIndex(): number {
    return this.#firstIndex + this.#lines.length;
  }

  #from(index: number): LogLine[] {
    const rotated = this.#rotated.flatMap(({ firstIndex, lines }) => lines.slice(Math.max(index - firstIndex, 0)));
    return [...rotated, ...this.#lines.slice(Math.max(index - this.#firstIndex, 0))];
  }

  append(stream: Stream, chunk: Buffer): void {
    const pending = this.#pending[stream];
    const parts = (pending.text + pending.decoder.write(chunk)).split("\n");
    pending.text = parts.pop()!;
    this.#add(parts);
    if (pending.text.length <= this.#limitBytes) return;
    this.#add([pending.text]);
    pending.text = "";
  }

  /** No more output: half lines become lines and followers end. */
  close(): void {
    if (this.#closed) return;
    const rest = Object.values(this.#pending).map(({ decoder, text }) => text + decoder.end());
    this.#closed = true;
    this.#add(rest.filter(text => text !== ""));
    for (const follower of this.#followers) follower();
  }

  /** Calls back after every append and at the end. */
  onChange(follower: () => void): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  /** The end of the log for `FallbackToLogsOnError`: at most 80 lines and 2,048 bytes. */
  tail(): string {
    const text = this.#lines
      .slice(-80)
      .map(line => `${line.text}\n`)
      .join("");
    return Buffer.from(text).subarray(-2_048).toString();
  }

  #add(texts: string[]): void {
    if (texts.length === 0) return;
    const stamp = stampNow();
    for (const text of texts) {
      this.#lines.push({ stamp, text });
      this.#bytes += text.length + stamp.length + 10;
    }
    if (this.#bytes > this.#limitBytes) this.#rotate();
    for (const follower of this.#followers) follower();
  }

  #rotate(): void {
    const [gone, bytes] = [this.#lines.slice(0, -1), this.#bytes];
    this.#rotated.push({ firstIndex: this.#firstIndex, lines: gone, bytes });
    this.#firstIndex += gone.length;
    this.#lines = this.#lines.slice(-1);
    this.#bytes = 0;
    this.#forgetRead();
  }

  #forgetRead(): void {
    if (this.#rotated.length === 0) return;
    const slowest = [...this.#cursors].reduce((least, { index }) => Math.min(least, index), Number.POSITIVE_INFINITY);
    this.#rotated = this.#rotated.filter(({ firstIndex, lines }) => firstIndex + lines.length > slowest);
    if (this.#rotated.length > MOST_BEHIND) this.#rotated.shift();
  }
}
