/** Loads files, few at a time. A file that is put again while it is being loaded is loaded anew and the first result is dropped. */
export class LoadQueue {
  readonly #load: (path: string, signal: AbortSignal) => Promise<void>;
  readonly #width: number;
  readonly #waiting = new Set<string>();
  readonly #running = new Map<string, AbortController>();
  #idle = Promise.withResolvers<void>();

  /** `load` must not reject; what it does after its signal was aborted must have no effect. */
  constructor(width: number, load: (path: string, signal: AbortSignal) => Promise<void>) {
    this.#width = width;
    this.#load = load;
    this.#idle.resolve();
  }

  get isIdle(): boolean {
    return this.#waiting.size === 0 && this.#running.size === 0;
  }

  put(path: string): void {
    if (this.isIdle) this.#idle = Promise.withResolvers();
    this.#running.get(path)?.abort();
    this.#waiting.add(path);
    this.#start();
  }

  drop(path: string): void {
    this.#waiting.delete(path);
    this.#running.get(path)?.abort();
  }

  /** Resolves when nothing waits and nothing runs. */
  idle(): Promise<void> {
    return this.#idle.promise;
  }

  /** Stops everything; resolves when it has ended. */
  close(): Promise<void> {
    this.#waiting.clear();
    for (const running of this.#running.values()) running.abort();
    return this.idle();
  }

  #start(): void {
    for (const path of this.#waiting) {
      if (this.#running.size >= this.#width) return;
      // Its aborted predecessor has to end first.
      if (this.#running.has(path)) continue;
      this.#waiting.delete(path);
      const controller = new AbortController();
      this.#running.set(path, controller);
      void this.#load(path, controller.signal).finally(() => {
        this.#running.delete(path);
        this.#start();
        if (this.isIdle) this.#idle.resolve();
      });
    }
  }
}
