import type { EventBatch, StateEvent } from "#state/event-stream.ts";

/** The last events, for clients that come back: most have missed a second or two. */
export class RecentEvents {
  readonly #limit: number;
  #events: StateEvent[] = [];
  /** Behind which position everything is here. */
  #from = "";
  #position = "";

  /** @param limit at least so many are kept, at most twice as many */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Behind the last event. */
  get position(): string {
    return this.#position;
  }

  /** Begins with what was read; a gap begins anew. */
  add({ events, position, gap }: EventBatch): void {
    if (gap || this.#position === "") {
      this.#events = [...events];
      this.#from = events[0]?.id ?? position;
    } else {
      for (const event of events) this.#events.push(event);
    }
    this.#position = position;
    if (this.#events.length < 2 * this.#limit) return;
    // Cut now and then, not at every event.
    this.#from = this.#events[this.#events.length - this.#limit - 1]!.id;
    this.#events = this.#events.slice(-this.#limit);
  }

  /** What came behind the position; undefined: not all of it is known any more. */
  since(position: string): StateEvent[] | undefined {
    if (isBefore(position, this.#from) || isBefore(this.#position, position)) return undefined;
    // Almost everybody is close to the end.
    let first = this.#events.length;
    while (first > 0 && isBefore(position, this.#events[first - 1]!.id)) first--;
    return this.#events.slice(first);
  }
}

/** Positions are `<ms>-<number>`. */
export function isBefore(a: string, b: string): boolean {
  const [aMs = 0, aNumber = 0] = a.split("-", 2).map(Number);
  const [bMs = 0, bNumber = 0] = b.split("-", 2).map(Number);
  return aMs < bMs || (aMs === bMs && aNumber < bNumber);
}
