import type { DagSpec } from "#core/dag-spec.ts";
import { scheduledRunId } from "#core/ids.ts";
import type { RunHeader } from "#core/run.ts";
import { dueTicks, nextTick } from "#core/schedule.ts";
import type { Logger } from "#runtime/logger.ts";

/** A DAG as the clock sees it. */
export interface ScheduledDag {
  spec: DagSpec;
  version: string;
  paused: boolean;
}

export interface TickerDeps {
  dags(): Promise<ScheduledDag[]>;
  /** The last tick of each DAG that was started or passed over. */
  lastTicks(): Promise<ReadonlyMap<string, number>>;
  setLastTick(dagId: string, at: number): Promise<void>;
  /** Creates the run; an existing one of that id is left alone. */
  createRun(header: RunHeader): Promise<unknown>;
  now(): number;
  log: Logger;
}

/** The list of DAGs is read again at least this often: a DAG may have been paused or unpaused, a clock adjusted. */
const LONGEST_WAIT_MS = 10_000;

/** The leader's clock: starts a run for each tick of a schedule. A tick's run id is computed, so two leaders start it once. */
export class Ticker {
  readonly #deps: TickerDeps;
  #timer: NodeJS.Timeout | undefined;
  #ticking: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(deps: TickerDeps) {
    this.#deps = deps;
  }

  /** Makes up missed ticks and waits for the next. Call again whenever a DAG was changed, paused or unpaused. */
  wake(): void {
    this.#ticking = this.#ticking.then(() => this.#tick());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#ticking;
  }

  async #tick(): Promise<void> {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    let wait = LONGEST_WAIT_MS;
    try {
      const next = await this.#startDue();
      if (next !== undefined) wait = Math.min(wait, Math.max(0, next - this.#deps.now()));
    } catch (error) {
      this.#deps.log.warn({ event: "tick.failed", err: error });
      wait = 1_000;
    }
    if (!this.#stopped) this.#timer = setTimeout(() => this.wake(), wait);
  }

  /** Starts what is due; returns the earliest tick to come. */
  async #startDue(): Promise<number | undefined> {
    const { dags, lastTicks, setLastTick, now, log } = this.#deps;
    const last = await lastTicks();
    let earliest: number | undefined;
    for (const { spec, version, paused } of await dags()) {
      if (spec.schedule === undefined || paused) continue;
      const at = now();
      let since = last.get(spec.id);
      if (since === undefined) {
        // A DAG seen for the first time: with catchup its past begins at its start date, else now.
        since = spec.catchup && spec.startAt !== undefined ? spec.startAt - 1 : at;
        await setLastTick(spec.id, since);
      }
      for (const tick of dueTicks(spec, since, at)) {
        log.info({ event: "tick", dagId: spec.id, logicalAt: tick });
        await this.#start(spec, version, tick);
        await setLastTick(spec.id, tick);
        since = tick;
      }
      const next = nextTick(spec, since);
      if (next !== undefined && (earliest === undefined || next < earliest)) earliest = next;
    }
    return earliest;
  }

  #start(spec: DagSpec, version: string, tick: number): Promise<unknown> {
    return this.#deps.createRun({
      id: scheduledRunId(spec.id, tick),
      dagId: spec.id,
      version,
      trigger: { kind: "schedule" },
      conf: {},
      createdAt: this.#deps.now(),
      logicalAt: tick,
    });
  }
}
