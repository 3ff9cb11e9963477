import type { Logger } from "#runtime/logger.ts";
import { coalesce } from "./dag-source/coalesce.ts";

const RETRY_MS = 1_000;

/** Work that may be asked for at any time: one pass at a time, one more when it was asked for meanwhile, and again soon after one failed. */
export class Round {
  readonly #pass: () => Promise<void>;
  #running: Promise<void> = Promise.resolve();
  #retry: NodeJS.Timeout | undefined;
  #stopped = false;

  /** @param name begins the event that is logged when a pass fails */
  constructor(name: string, pass: () => Promise<void>, log: Logger) {
    this.#pass = coalesce(async () => {
      clearTimeout(this.#retry);
      try {
        if (!this.#stopped) await pass();
      } catch (error) {
        log.warn({ event: `${name}.failed`, err: error });
        if (!this.#stopped) this.#retry = setTimeout(() => this.wake(), RETRY_MS);
      }
    });
  }

  wake(): void {
    this.#running = this.#pass();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retry);
    await this.#running;
    clearTimeout(this.#retry);
  }
}
