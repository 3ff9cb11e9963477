import { isRedisAway } from "./http/redis-away.ts";

/** What was read, and since when it may be out of date. */
export interface Remembered<T> {
  value: T;
  /** Redis does not answer: this was read then. Absent: it was read now. */
  readAt?: number;
}

/** Keeps the last answer to a question of few, so that it can be shown while Redis is away. */
export class LastGood {
  readonly #answers = new Map<string, { value: unknown; readAt: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @throws what `read` throws when there is no earlier answer, or Redis is not the reason */
  async read<T>(question: string, read: () => Promise<T>): Promise<Remembered<T>> {
    try {
      const value = await read();
      this.#answers.set(question, { value, readAt: this.#now() });
      return { value };
    } catch (error) {
      const known = this.#answers.get(question);
      if (known === undefined || !isRedisAway(error)) throw error;
      return { value: known.value as T, readAt: known.readAt };
    }
  }

  /** The headers of an answer that is made of what was remembered. */
  headersOf({ readAt }: Remembered<unknown>): Record<string, string> {
    if (readAt === undefined) return {};
    const ageSeconds = Math.max(0, Math.round((this.#now() - readAt) / 1_000));
    return { Warning: '110 - "Response is Stale"', Age: String(ageSeconds), "Retry-After": "1" };
  }
}
