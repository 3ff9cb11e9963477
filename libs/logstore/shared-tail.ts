import { setTimeout as sleep } from "node:timers/promises";
import { FolderChanges } from "./folder-changes.ts";
import type { LogView } from "./log-view.ts";

export interface SharedTailOptions {
  /** The folder that changes when the log does. */
  dir: string;
  /** The log as it is now. */
  look(): Promise<LogView | undefined>;
  /** The last follower has left. */
  onEmpty(): void;
}

/** A follower's place at a {@link SharedTail}. */
export interface TailSeat extends Disposable {
  look(): Promise<LogView | undefined>;
  /** Resolves when something may be new since this seat's last look, and on abort. */
  changed(): Promise<void>;
}

/** What is appended in quick succession is looked at together. */
const PAUSE_MS = 25;

/** The end of one log, for all who follow it: they share the watch, the look at the folder, and what is read. */
export class SharedTail {
  readonly #options: SharedTailOptions;
  readonly #empty = new AbortController();
  readonly #waiting = new Set<() => void>();
  #seats = 0;
  /** How often something may have changed. */
  #changes = 0;
  #view: Promise<LogView | undefined> | undefined;
  #failure: { error: unknown } | undefined;

  constructor(options: SharedTailOptions) {
    this.#options = options;
  }

  join(signal: AbortSignal): TailSeat {
    if (this.#seats++ === 0) {
      this.#watch().catch((error: unknown) => {
        this.#failure = { error };
        this.#wake();
      });
    }
    let seen = -1;
    const wake = { up: (): void => undefined };
    const onAbort = (): void => wake.up();
    signal.addEventListener("abort", onAbort, { once: true });
    return {
      look: () => {
        seen = this.#changes;
        // Begun behind the last change, so that it shows it.
        this.#view ??= this.#options.look();
        return this.#view;
      },
      changed: async () => {
        if (seen === this.#changes && !signal.aborted && this.#failure === undefined) {
          await new Promise<void>(resolve => {
            wake.up = resolve;
            this.#waiting.add(resolve);
          });
          this.#waiting.delete(wake.up);
        }
        if (this.#failure !== undefined) throw this.#failure.error;
      },
      [Symbol.dispose]: () => {
        signal.removeEventListener("abort", onAbort);
        if (--this.#seats > 0) return;
        this.#empty.abort();
        this.#options.onEmpty();
      },
    };
  }

  async #watch(): Promise<void> {
    const { signal } = this.#empty;
    using changes = new FolderChanges(this.#options.dir, signal);
    while (!signal.aborted) {
      await changes.next();
      this.#changes++;
      this.#view = undefined;
      this.#wake();
      await sleep(PAUSE_MS);
    }
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}
