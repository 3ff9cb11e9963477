interface Outage {
  from: number;
  to: number;
}

/** Older outages are forgotten: a pod that was under way during all of them has other worries. */
const MAX_OUTAGES = 100;

/** When the API server could be seen and when not. Clocks of pods stand still while nobody can see them. Instants in ms. */
export class Sight {
  readonly #outages: Outage[] = [];
  #lostAt: number | undefined;

  /** Nothing was heard any more from `at` on. Losing what is lost changes nothing. */
  lost(at: number): void {
    this.#lostAt ??= at;
  }

  /** The server answers again. */
  found(at: number): void {
    if (this.#lostAt === undefined) return;
    if (at > this.#lostAt) this.#outages.push({ from: this.#lostAt, to: at });
    if (this.#outages.length > MAX_OUTAGES) this.#outages.shift();
    this.#lostAt = undefined;
  }

  get isClear(): boolean {
    return this.#lostAt === undefined;
  }

  /** How much of the time between the two instants passed unseen. */
  unseenMs(since: number, until: number): number {
    const now = this.#lostAt === undefined ? [] : [{ from: this.#lostAt, to: until }];
    const overlap = ({ from, to }: Outage) => Math.max(0, Math.min(to, until) - Math.max(from, since));
    return [...this.#outages, ...now].reduce((sum, outage) => sum + overlap(outage), 0);
  }
}
