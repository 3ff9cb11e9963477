import { setTimeout as sleep } from "node:timers/promises";
import { formatLine, type LogLine } from "./log-line.ts";
import type { LogWriter } from "./log-store.ts";

/** Where a writer's bytes go: what a store does for one log. */
export interface LogSink {
  /** Names the log in messages. */
  readonly name: string;
  /**
   * Puts the bytes at their place behind what is there. Repeating a call that failed is harmless.
   * @param startsLine the bytes begin with a line, so that what is long enough may be divided here
   */
  append(data: Buffer, atByte: number, startsLine: boolean): Promise<void>;
  /** Whether no other writer has opened the log since. @param surely an answer that is a while old does not do */
  holds(surely: boolean): Promise<boolean>;
  /** Marks the log of this length as ended. */
  end(sizeBytes: number): Promise<void>;
  /** Lets go of files and memory. */
  release(): Promise<void>;
}

export interface BufferedWriterOptions {
  sink: LogSink;
  /** What is there already. */
  sizeBytes: number;
  lastLines: AsyncIterable<LogLine>;
  /** How long a line may wait for others. */
  flushAfterMs: number;
  /** So much is written without waiting for more. */
  flushAtBytes: number;
  /** Told of a flush that failed in the background; the lines are kept and tried again. */
  onError(error: unknown, name: string): void;
}

const SLOW_DOWN_BYTES = 1024 * 1024;
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
const RETRY_MS = 1_000;
const CLOSE_TRIES = 3;

/** Collects lines, and writes many at once, one write at a time and in order. What does not get through stays and is tried again. */
export class BufferedLogWriter implements LogWriter {
  readonly lastLines: AsyncIterable<LogLine>;
  readonly #superseded = new AbortController();
  readonly #options: BufferedWriterOptions;
  #waiting: string[] = [];
  #waitingBytes = 0;
  /** Taken out of `waiting`, not yet in the store: what a failed flush left. */
  #unwritten: Buffer | undefined;
  /** In the store. */
  #sizeBytes: number;
  /** The store's last byte ends a line. */
  #atLineStart = true;
  /** The last line taken has no end yet. */
  #isOpen = false;
  #droppedLines = 0;
  #timer: NodeJS.Timeout | undefined;
  /** A flush will take what waits now. */
  #flushQueued = false;
  #flushing: Promise<void> = Promise.resolve();
  #closed: Promise<void> | undefined;

  constructor(options: BufferedWriterOptions) {
    this.#options = options;
    this.#sizeBytes = options.sizeBytes;
    this.lastLines = options.lastLines;
  }

  get superseded(): AbortSignal {
    return this.#superseded.signal;
  }

  write(line: LogLine): boolean {
    if (this.superseded.aborted || this.#closed !== undefined) return true;
    if (this.#pendingBytes > MAX_WAITING_BYTES) {
      this.#droppedLines++;
      return false;
    }
    if (this.#droppedLines > 0) {
      this.#take({ text: `${this.#droppedLines} lines are missing: the log store did not keep up`, by: "windlass" });
      this.#droppedLines = 0;
    }
    this.#take(line);
    const { flushAtBytes, flushAfterMs } = this.#options;
    if (this.#waitingBytes < flushAtBytes) this.#flushIn(flushAfterMs);
    else if (!this.#flushQueued) this.#flushInBackground();
    return this.#pendingBytes < SLOW_DOWN_BYTES;
  }

  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#flushQueued = true;
    const next = this.#flushing.then(() => this.#drain());
    // One at a time and in order; a failure is its own caller's, not the next one's.
    this.#flushing = next.catch(() => undefined);
    return next;
  }

  close(): Promise<void> {
    this.#closed ??= this.#letGo(true);
    return this.#closed;
  }

  leave(): Promise<void> {
    this.#closed ??= this.#letGo(false);
    return this.#closed;
  }

  get #pendingBytes(): number {
    return this.#waitingBytes + (this.#unwritten?.length ?? 0);
  }

  #take(line: LogLine): void {
    const text = formatLine(line, this.#isOpen);
    this.#isOpen = line.more === true;
    this.#waiting.push(text);
    this.#waitingBytes += Buffer.byteLength(text);
  }

  #flushIn(delayMs: number): void {
    this.#timer ??= setTimeout(() => this.#flushInBackground(), delayMs);
  }

  #flushInBackground(): void {
    this.flush().catch((error: unknown) => {
      this.#options.onError(error, this.#options.sink.name);
      if (this.#closed === undefined) this.#flushIn(RETRY_MS);
    });
  }

  async #drain(): Promise<void> {
    const { sink } = this.#options;
    this.#flushQueued = false;
    if (this.#pendingBytes === 0) return;
    if (this.superseded.aborted || !(await sink.holds(false))) {
      this.#giveUp();
      return;
    }
    // What failed is repeated as it was; the sink may have a part of it.
    if (this.#unwritten !== undefined) await this.#append(this.#unwritten);
    if (this.#waiting.length === 0) return;
    const data = Buffer.from(this.#waiting.join(""));
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#unwritten = data;
    await this.#append(data);
  }

  async #append(data: Buffer): Promise<void> {
    await this.#options.sink.append(data, this.#sizeBytes, this.#atLineStart);
    this.#unwritten = undefined;
    this.#sizeBytes += data.length;
    this.#atLineStart = data.at(-1) === 0x0a;
  }

  #giveUp(): void {
    this.#superseded.abort(new Error(`another writer has opened the log ${this.#options.sink.name}`));
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#unwritten = undefined;
  }

  async #letGo(ended: boolean): Promise<void> {
    const { sink } = this.#options;
    try {
      await this.#flushFirmly();
      if (!ended) return;
      if (this.superseded.aborted || !(await sink.holds(true))) this.#giveUp();
      else await sink.end(this.#sizeBytes);
    } finally {
      clearTimeout(this.#timer);
      await sink.release();
    }
  }

  async #flushFirmly(): Promise<void> {
    for (let tried = 1; ; tried++) {
      try {
        return await this.flush();
      } catch (error) {
        if (tried === CLOSE_TRIES) throw error;
        await sleep((RETRY_MS / 5) * tried);
      }
    }
  }
}
