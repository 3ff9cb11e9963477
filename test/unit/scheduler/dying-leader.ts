/** Thrown by every call behind the one after which a leader died. */
class Died extends Error {}

/** Lets a leader live for so many calls of its stores; each later one throws, before or after it has had its effect. */
export class Lifetime {
  #left: number;
  readonly #lastTakesEffect: boolean;

  constructor(calls: number, lastTakesEffect: boolean) {
    this.#left = calls;
    this.#lastTakesEffect = lastTakesEffect;
  }

  /** The store as this leader sees it. */
  bind<T extends object>(store: T): T {
    const entries = Object.entries(store).map(([name, method]: [string, (...args: unknown[]) => unknown]) => [
      name,
      async (...args: unknown[]) => {
        const left = this.#left--;
        if (left < 0 || (left === 0 && !this.#lastTakesEffect)) throw new Died();
        const answer = await method(...args);
        if (left === 0) throw new Died();
        return answer;
      },
    ]);
    return Object.fromEntries(entries) as T;
  }
}

/** Leads one leader after the other: each of `lives` dies after so many calls, the last one does not. */
export async function inTerms(
  lives: readonly { calls: number; lastTakesEffect: boolean }[],
  lead: (lifetime: Lifetime) => Promise<void>,
): Promise<void> {
  for (const { calls, lastTakesEffect } of [...lives, { calls: 1_000_000, lastTakesEffect: true }]) {
    try {
      await lead(new Lifetime(calls, lastTakesEffect));
    } catch (error) {
      if (!(error instanceof Died)) throw error;
    }
  }
}
