import { type FileHandle, mkdir, open } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { formatLine, type LogLine } from "./log-line.ts";
import type { LogPaths } from "./log-path.ts";
import { claimLog, holdsClaim, markEnded } from "./log-state.ts";
import type { LogWriter } from "./log-store.ts";
import { readOverlap, wholeLinesEnd } from "./read-back.ts";

const FLUSH_AFTER_MS = 100;
const FLUSH_AT_BYTES = 64 * 1024;
const SLOW_DOWN_BYTES = 1024 * 1024;
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
const CLOSE_TRIES = 3;

export interface WriterOptions {
  /** A log longer than this is cut off with a line that says so. */
  maxBytes: number;
  /** Told of a flush that failed in the background; the lines are kept and tried again. */
  onError: (error: unknown, path: string) => void;
  now: () => number;
}

export async function openFileLogWriter(paths: LogPaths, options: WriterOptions): Promise<LogWriter> {
  await mkdir(paths.dir, { recursive: true });
  // The claim comes first: from here on an earlier writer keeps its hands off.
  const claim = await claimLog(paths.state);
  const handle = await open(paths.log, "a+");
  try {
    const { size } = await handle.stat();
    // A crash may have left half a line. No reader was shown it, and the cluster sends it again.
    const end = await wholeLinesEnd(handle, size);
    if (end < size) await handle.truncate(end);
    return new FileLogWriter({ paths, options, claim, handle, sizeBytes: end, lastLines: await readOverlap(handle, end) });
  } catch (error) {
    await handle.close();
    throw error;
  }
}

interface Opened {
  paths: LogPaths;
  options: WriterOptions;
  claim: string;
  handle: FileHandle;
  sizeBytes: number;
  lastLines: readonly LogLine[];
}

class FileLogWriter implements LogWriter {
  readonly lastLines: readonly LogLine[];
  superseded = false;
  readonly #opened: Opened;
  /** Written and waiting together. */
  #sizeBytes: number;
  #waiting: string[] = [];
  #waitingBytes = 0;
  /** Taken out of `waiting`, not yet on disk: what a failed flush left. */
  #unwritten: Buffer = Buffer.alloc(0);
  #droppedLines = 0;
  #full: boolean;
  #timer: NodeJS.Timeout | undefined;
  /** A flush will take what waits now. */
  #flushQueued = false;
  #flushing: Promise<void> = Promise.resolve();
  #closed: Promise<void> | undefined;

  constructor(opened: Opened) {
    this.#opened = opened;
    this.#sizeBytes = opened.sizeBytes;
    this.#full = opened.sizeBytes >= opened.options.maxBytes;
    this.lastLines = opened.lastLines;
  }

  write(line: LogLine): boolean {
    if (this.#full || this.superseded || this.#closed !== undefined) return true;
    if (this.#waitingBytes + this.#unwritten.length > MAX_WAITING_BYTES) {
      this.#droppedLines++;
      return false;
    }
    if (this.#droppedLines > 0) {
      this.#take({ text: `--- ${this.#droppedLines} lines are missing: the log store did not keep up ---` });
      this.#droppedLines = 0;
    }
    this.#take(line);
    if (this.#sizeBytes >= this.#opened.options.maxBytes) {
      this.#full = true;
      this.#take({
        text: `--- the log has reached its limit of ${this.#opened.options.maxBytes} bytes; later lines are not kept ---`,
      });
    }
    if (this.#waitingBytes < FLUSH_AT_BYTES) this.#flushIn(FLUSH_AFTER_MS);
    else if (!this.#flushQueued) this.#flushInBackground();
    return this.#waitingBytes + this.#unwritten.length < SLOW_DOWN_BYTES;
  }

  #take(line: LogLine): void {
    const text = formatLine(line);
    const length = Buffer.byteLength(text);
    this.#waiting.push(text);
    this.#waitingBytes += length;
    this.#sizeBytes += length;
  }

  #flushIn(delayMs: number): void {
    this.#timer ??= setTimeout(() => this.#flushInBackground(), delayMs);
  }

  #flushInBackground(): void {
    this.flush().catch((error: unknown) => {
      this.#opened.options.onError(error, this.#opened.paths.log);
      if (this.#closed === undefined) this.#flushIn(FLUSH_AFTER_MS * 10);
    });
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

  async #drain(): Promise<void> {
    const { handle, paths, claim } = this.#opened;
    this.#flushQueued = false;
    if (this.#waiting.length === 0 && this.#unwritten.length === 0) return;
    if (this.superseded || !(await holdsClaim(paths.state, claim))) {
      this.superseded = true;
      this.#waiting = [];
      this.#waitingBytes = 0;
      this.#unwritten = Buffer.alloc(0);
      return;
    }
    this.#unwritten = Buffer.concat([this.#unwritten, Buffer.from(this.#waiting.join(""))]);
    this.#waiting = [];
    this.#waitingBytes = 0;
    while (this.#unwritten.length > 0) {
      const { bytesWritten } = await handle.write(this.#unwritten);
      this.#unwritten = this.#unwritten.subarray(bytesWritten);
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#letGo(true);
    return this.#closed;
  }

  leave(): Promise<void> {
    this.#closed ??= this.#letGo(false);
    return this.#closed;
  }

  async #letGo(ended: boolean): Promise<void> {
    const { handle, paths, claim, options } = this.#opened;
    try {
      await this.#flushFirmly();
      if (ended && !this.superseded && (await holdsClaim(paths.state, claim))) await markEnded(paths.state, options.now());
    } finally {
      clearTimeout(this.#timer);
      await handle.close();
    }
  }

  async #flushFirmly(): Promise<void> {
    for (let tried = 1; ; tried++) {
      try {
        return await this.flush();
      } catch (error) {
        if (tried === CLOSE_TRIES) throw error;
        await sleep(FLUSH_AFTER_MS * tried);
      }
    }
  }
}
