import type { Logger } from "#runtime/logger.ts";

/**
 * Work that goes on after an outcome was recorded: the rest of a log, the deletion of a pod. Dependents never wait for it, a
 * leaving worker does, up to a deadline; what it leaves undone the janitor of another worker finds.
 */
export class Aftercare {
  readonly #log: Logger;
  readonly #running = new Set<Promise<void>>();

  constructor(log: Logger) {
    this.#log = log;
  }

  get size(): number {
    return this.#running.size;
  }

  take(work: () => Promise<void>, what: string): void {
    const running = work()
      .catch(error => this.#log.warn({ event: "aftercare.failed", what, err: error }))
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Resolves when all of it is done, or after `deadlineMs`. */
  async settled(deadlineMs: number): Promise<void> {
    if (this.#running.size === 0) return;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, deadlineMs);
    await Promise.race([Promise.all(this.#running), late]);
    clearTimeout(timer);
  }
}
