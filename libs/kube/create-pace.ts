import { sleepUntilAborted } from "./retry-budget.ts";

export interface CreatePaceDeps {
  /** Instants in ms. Default: Date.now. */
  now?: () => number;
  /** Waits. Default: a timer. */
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** The slowest pace, in requests a second. */
const SLOWEST = 1;
/** Above this many a second there is nothing to hold back. */
const FREE_FROM = 500;
/** How much faster it gets within a second in which all goes well. */
const FASTER_BY = 10;
/** One burst of refusals is one reason to slow down. */
const ONE_REFUSAL_MS = 1_000;

/**
 * How fast pods are created in a namespace: as fast as it goes until the API server says "too many requests". Then half as fast, and with
 * every pod that is accepted a little faster (additive increase, multiplicative decrease), until there is nothing to hold back again.
 */
export class CreatePace {
  readonly #now: () => number;
  readonly #sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Requests a second; undefined: as fast as it goes. */
  #rate: number | undefined;
  #nextAt = 0;
  #refusedAt = Number.NEGATIVE_INFINITY;
  #refusals = 0;
  /** What was accepted since the window began. */
  #window = { startedAt: 0, accepted: 0 };

  constructor({ now = Date.now, sleep = sleepUntilAborted }: CreatePaceDeps = {}) {
    this.#now = now;
    this.#sleep = sleep;
  }

  /** Requests a second that it allows; undefined: any number. */
  get rate(): number | undefined {
    return this.#rate;
  }

  /** How often the API server said "too many requests". */
  get refusals(): number {
    return this.#refusals;
  }

  /** Waits for the next request's turn. Throws the signal's reason. */
  async turn(signal?: AbortSignal): Promise<void> {
    if (this.#rate === undefined) return;
    const at = Math.max(this.#now(), this.#nextAt);
    this.#nextAt = at + 1_000 / this.#rate;
    const waitMs = at - this.#now();
    if (waitMs > 0) await this.#sleep(waitMs, signal);
  }

  accepted(): void {
    if (this.#rate === undefined) return this.#count();
    this.#rate += FASTER_BY / this.#rate;
    if (this.#rate >= FREE_FROM) this.#rate = undefined;
  }

  /** @param retryAfterMs how long the API server wants to be left alone */
  refused(retryAfterMs = 0): void {
    const now = this.#now();
    this.#refusals++;
    this.#nextAt = Math.max(this.#nextAt, now + retryAfterMs);
    if (now - this.#refusedAt < ONE_REFUSAL_MS) return;
    this.#refusedAt = now;
    this.#rate = Math.max(SLOWEST, (this.#rate ?? this.#measured(now)) / 2);
  }

  #count(): void {
    const now = this.#now();
    if (now - this.#window.startedAt >= 1_000) this.#window = { startedAt: now, accepted: 0 };
    this.#window.accepted++;
  }

  /** How fast it went lately; one that has just begun may have been as fast as anything. */
  #measured(now: number): number {
    const seconds = Math.max((now - this.#window.startedAt) / 1_000, 0.1);
    return this.#window.accepted === 0 ? SLOWEST : Math.min(this.#window.accepted / seconds, FREE_FROM);
  }
}
