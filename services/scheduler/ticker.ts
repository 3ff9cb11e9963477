import type { DagSpec } from "#core/dag-spec.ts";
import type { RunHeader } from "#core/run.ts";
import { DagClock, type ScheduledSpec, type Tick } from "#core/schedule/dag-clock.ts";
import type { Horizon } from "#core/schedule/horizon.ts";
import type { Logger } from "#runtime/logger.ts";
import { confOf } from "./conf-of.ts";

/** A DAG with a schedule, as a list shows it. */
export interface ScheduledDag {
  id: string;
  version: string;
  paused: boolean;
}

export interface TickerDeps {
  dags(): Promise<readonly ScheduledDag[]>;
  specOf(version: string): Promise<(ScheduledSpec & Pick<DagSpec, "params">) | undefined>;
  /** What timetables have said, by DAG id. */
  horizons(): Promise<ReadonlyMap<string, Horizon>>;
  /** The last tick of each DAG that was started or passed over. */
  lastTicks(): Promise<ReadonlyMap<string, number>>;
  setLastTick(dagId: string, at: number): Promise<void>;
  /** Creates the run; an existing one of that id is left alone. */
  createRun(header: RunHeader): Promise<unknown>;
  now(): number;
  log: Logger;
}

/** What is kept of a DAG between two ticks. */
interface Entry {
  dag: ScheduledDag;
  clock: DagClock;
  /** Parameters of its runs. */
  conf: RunHeader["conf"];
  /** The ticks that the clock was made with, if the DAG has a timetable of its own. */
  stored: string | undefined;
  sinceAt: number | undefined;
  /** When the next run is due; undefined: there is none. */
  dueAt: number | undefined;
}

/** The list of DAGs is read again at least this often: a message may have been lost, a clock adjusted. */
const LONGEST_WAIT_MS = 10_000;
const RETRY_MS = 1_000;

/**
 * The leader's clock: starts a run for each tick of a schedule. A tick's run id is computed, so two leaders start it once. Between two ticks
 * it does nothing: each DAG's next tick is known, and one timer waits for the first of them.
 */
export class Ticker {
  readonly #deps: TickerDeps;
  readonly #entries = new Map<string, Entry>();
  #timer: NodeJS.Timeout | undefined;
  #ticking: Promise<void> = Promise.resolve();
  /** A look is asked for and has not begun. */
  #isAsked = false;
  /** The list is read again when this has come. */
  #staleAt = Number.NEGATIVE_INFINITY;
  #stopped = false;

  constructor(deps: TickerDeps) {
    this.#deps = deps;
  }

  /** Reads the DAGs again, makes up missed ticks and waits for the next. Call it whenever a DAG was changed, paused or unpaused. */
  wake(): void {
    this.#staleAt = Number.NEGATIVE_INFINITY;
    this.#tickSoon();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#ticking;
  }

  #tickSoon(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    this.#ticking = this.#ticking.then(() => {
      this.#isAsked = false;
      return this.#tick();
    });
  }

  async #tick(): Promise<void> {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    const { now, log } = this.#deps;
    let waitMs: number;
    try {
      if (now() >= this.#staleAt) await this.#refresh();
      await this.#startDue();
      const dues = [...this.#entries.values()].flatMap(({ dueAt }) => dueAt ?? []);
      waitMs = Math.max(0, dues.reduce((a, b) => Math.min(a, b), this.#staleAt) - now());
    } catch (error) {
      log.warn({ event: "tick.failed", err: error });
      this.#staleAt = Number.NEGATIVE_INFINITY;
      waitMs = RETRY_MS;
    }
    if (!this.#stopped) this.#timer = setTimeout(() => this.#tickSoon(), Math.min(waitMs, LONGEST_WAIT_MS));
  }

  async #refresh(): Promise<void> {
    const { dags, lastTicks, horizons, now } = this.#deps;
    // The next wake-up may come while the store answers: then the list is stale again.
    this.#staleAt = now() + LONGEST_WAIT_MS;
    const [rows, ticks, ahead] = await Promise.all([dags(), lastTicks(), horizons()]);
    const ids = new Set(rows.map(({ id }) => id));
    for (const id of this.#entries.keys()) if (!ids.has(id)) this.#entries.delete(id);
    await Promise.all(rows.map(dag => this.#meet(dag, ticks.get(dag.id), ahead.get(dag.id))));
  }

  async #meet(dag: ScheduledDag, sinceAt: number | undefined, horizon: Horizon | undefined): Promise<void> {
    const known = this.#entries.get(dag.id);
    const stored = horizon?.ticks.join();
    const isSame = known?.dag.version === dag.version && known.stored === stored;
    const made = isSame ? known : await this.#read(dag, horizon);
    if (made === undefined) return void this.#entries.delete(dag.id);
    const { clock, conf } = made;
    // What this leader has started counts also when the store did not hear of it.
    const since = Math.max(sinceAt ?? Number.NEGATIVE_INFINITY, known?.sinceAt ?? Number.NEGATIVE_INFINITY);
    const entry: Entry = { dag, clock, conf, stored, sinceAt: Number.isFinite(since) ? since : undefined, dueAt: undefined };
    this.#entries.set(dag.id, entry);
    if (isSame && known.sinceAt === entry.sinceAt && known.dag.paused === dag.paused) entry.dueAt = known.dueAt;
    else this.#aim(entry);
  }

  async #read({ version }: ScheduledDag, horizon: Horizon | undefined): Promise<Pick<Entry, "clock" | "conf"> | undefined> {
    const spec = await this.#deps.specOf(version);
    return spec?.schedule && { clock: new DagClock(spec, horizon?.ticks), conf: confOf(spec) };
  }

  /** Sets when the DAG is looked at next. One that nobody has looked at before is looked at now. */
  #aim(entry: Entry): void {
    const { dag, clock, sinceAt } = entry;
    if (dag.paused) entry.dueAt = undefined;
    else entry.dueAt = sinceAt === undefined ? this.#deps.now() : clock.next(sinceAt)?.dueAt;
  }

  async #startDue(): Promise<void> {
    const at = this.#deps.now();
    const due = [...this.#entries.values()].filter(({ dueAt }) => dueAt !== undefined && dueAt <= at);
    await Promise.all(due.map(entry => this.#startTicks(entry, at)));
  }

  async #startTicks(entry: Entry, at: number): Promise<void> {
    const { setLastTick, log } = this.#deps;
    const { dag, clock } = entry;
    const { ticks, sinceAt } = clock.due(entry.sinceAt, at);
    for (const tick of ticks) {
      log.info({ event: "tick", dagId: dag.id, logicalAt: tick.logicalAt });
      await this.#start(entry, tick);
    }
    if (sinceAt !== entry.sinceAt) await setLastTick(dag.id, sinceAt);
    entry.sinceAt = sinceAt;
    this.#aim(entry);
  }

  #start({ dag: { id, version }, conf }: Entry, { runId, logicalAt, interval }: Tick): Promise<unknown> {
    return this.#deps.createRun({
      id: runId,
      dagId: id,
      version,
      trigger: { kind: "schedule" },
      conf,
      createdAt: this.#deps.now(),
      logicalAt,
      interval,
    });
  }
}
