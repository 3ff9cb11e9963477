import { type FSWatcher, watch } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { isAbsent } from "./absent.ts";
import type { LogPaths } from "./log-path.ts";
import { hasEnded } from "./log-state.ts";
import type { LogChunk } from "./log-store.ts";

const CHUNK_BYTES = 512 * 1024;
const NEWLINE = 0x0a;
/** Network volumes deliver no events, so that a look at this interval has to find what a watch would. */
const LOOK_EVERY_MS = 250;

/** Whole lines as they are appended. The half line that a crash leaves is held back until the log ends or is resumed. */
export async function* followFile(
  paths: LogPaths,
  fromByte: number,
  signal: AbortSignal,
): AsyncGenerator<LogChunk, void, undefined> {
  const changes = new Changes(paths.dir, signal);
  let handle: FileHandle | undefined;
  let at = fromByte;
  try {
    while (!signal.aborted) {
      // Asked before reading: what an ended log holds is then all there.
      const ended = await hasEnded(paths.state);
      handle ??= await openIfThere(paths.log);
      for (let chunk = await readLines(handle, at, ended); chunk !== undefined; chunk = await readLines(handle, at, ended)) {
        yield { fromByte: at, data: chunk };
        at += chunk.length;
        if (signal.aborted) return;
      }
      if (ended) return;
      await changes.next();
    }
  } finally {
    changes.close();
    await handle?.close();
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r");
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

async function readLines(handle: FileHandle | undefined, at: number, ended: boolean): Promise<Buffer | undefined> {
  if (handle === undefined) return undefined;
  const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, at);
  const read = buffer.subarray(0, bytesRead);
  const end = read.lastIndexOf(NEWLINE) + 1;
  // A line longer than the chunk is passed on in pieces.
  const whole = end > 0 ? read.subarray(0, end) : ended || bytesRead === CHUNK_BYTES ? read : read.subarray(0, 0);
  return whole.length === 0 ? undefined : whole;
}

/** Wakes its reader when something in a folder changes, at the latest after 250 ms, and at once on abort. */
class Changes {
  readonly #dir: string;
  readonly #signal: AbortSignal;
  #watcher: FSWatcher | undefined;
  #changed = false;
  #wake: (() => void) | undefined;

  constructor(dir: string, signal: AbortSignal) {
    this.#dir = dir;
    this.#signal = signal;
    signal.addEventListener("abort", this.#onChange, { once: true });
    this.#watch();
  }

  readonly #onChange = (): void => {
    this.#changed = true;
    this.#wake?.();
  };

  #watch(): void {
    try {
      this.#watcher = watch(this.#dir, { persistent: false }, this.#onChange);
    } catch (error) {
      // Not there yet, or the system has no watch left: the interval does.
      if (!isAbsent(error) && !isExhausted(error)) throw error;
      return;
    }
    this.#watcher.on("error", () => this.#unwatch());
  }

  #unwatch(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  async next(): Promise<void> {
    if (this.#watcher === undefined) this.#watch();
    if (!this.#changed && !this.#signal.aborted) {
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, LOOK_EVERY_MS);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#wake = undefined;
    this.#changed = false;
  }

  close(): void {
    this.#signal.removeEventListener("abort", this.#onChange);
    this.#unwatch();
  }
}

const isExhausted = (error: unknown): boolean => ["EMFILE", "ENOSPC"].includes((error as NodeJS.ErrnoException).code ?? "");
