import { type FSWatcher, watch } from "node:fs";
import { isAbsent } from "./absent.ts";

/** Network volumes deliver no events, so that a look at this interval has to find what a watch would. */
const LOOK_EVERY_MS = 250;

/** Wakes its reader when something in a folder changes, at the latest after 250 ms, and at once on abort. */
export class FolderChanges {
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

  [Symbol.dispose](): void {
    this.#signal.removeEventListener("abort", this.#onChange);
    this.#unwatch();
  }
}

const isExhausted = (error: unknown): boolean => ["EMFILE", "ENOSPC"].includes((error as NodeJS.ErrnoException).code ?? "");
