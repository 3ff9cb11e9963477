import type { DagSpec } from "../dag-spec.ts";
import { hash01 } from "../hash.ts";
import { runId, scheduledRunId } from "../ids.ts";
import { lastTick, type Timetable, tickBefore, timetableOf } from "./timetable.ts";

/** What of a DAG decides when its runs start. */
export type ScheduledSpec = Pick<DagSpec, "id" | "schedule" | "timezone"> &
  Partial<Pick<DagSpec, "startAt" | "endAt" | "catchup" | "dataInterval" | "jitterMs">>;

/** One run that a schedule asks for. */
export interface Tick {
  /** The instant of the schedule. */
  at: number;
  /** When its run starts: the tick and the DAG's jitter. */
  dueAt: number;
  /** Computed: whoever starts the tick starts the same run. */
  runId: string;
  /** What the run stands for: the tick, or with `dataInterval` the start of the interval that it ends. */
  logicalAt: number;
  /** From the tick before to the tick. */
  interval: { startAt: number; endAt: number };
}

/** What has to be started now. */
export interface Due {
  /** Oldest first. */
  ticks: Tick[];
  /** To be kept: up to here every tick is started or passed over. */
  sinceAt: number;
}

const DEFAULT_LIMIT = 1_000;

/** The clock of one DAG. It knows no present: the caller says how far it has got. */
export class DagClock {
  readonly #id: string;
  readonly #timetable: Timetable;
  readonly #isOnce: boolean;
  readonly #hasIntervals: boolean;
  readonly #catchup: boolean;
  readonly #startAt: number | undefined;
  readonly #jitterMs: number;
  /** The DAG's life: ticks in (afterAt, untilAt]. */
  readonly #afterAt: number = Number.NEGATIVE_INFINITY;
  readonly #untilAt: number = Number.POSITIVE_INFINITY;

  /** @param stored the ticks that the DAG's own timetable has given so far */
  constructor(spec: ScheduledSpec, stored: readonly number[] = []) {
    const { id, schedule, timezone, startAt, endAt, jitterMs = 0 } = spec;
    this.#id = id;
    this.#isOnce = schedule !== undefined && "once" in schedule;
    this.#hasIntervals = spec.dataInterval === true && !this.#isOnce;
    this.#catchup = spec.catchup === true;
    this.#startAt = startAt;
    this.#jitterMs = Math.floor(hash01(id) * jitterMs);
    const once = startAt === undefined ? undefined : { at: [startAt] };
    this.#timetable = timetableOf(this.#isOnce ? once : schedule, timezone, stored);
    if (startAt !== undefined) this.#afterAt = startAt - 1;
    if (endAt !== undefined) this.#untilAt = endAt;
    if (this.#hasIntervals) {
      // Start and end speak of the interval's start: its run comes one tick later. Before the first tick there is no interval.
      const from = Math.max(this.#afterAt, (this.#timetable.firstAt ?? Number.NEGATIVE_INFINITY) - 1);
      if (Number.isFinite(from)) this.#afterAt = this.#timetable.next(from) ?? from;
      if (endAt !== undefined) this.#untilAt = this.#timetable.next(endAt) ?? endAt;
    }
  }

  /** The first tick after `afterAt` within the DAG's start and end; undefined when there is none. */
  next(afterAt: number): Tick | undefined {
    return this.nextTicks(1, afterAt)[0];
  }

  /** The next `count` ticks after `afterAt`. */
  nextTicks(count: number, afterAt: number): Tick[] {
    return this.#ticks(afterAt, count, () => true);
  }

  /** The next `count` ticks whose runs have not started by `nowAt`. */
  upcoming(count: number, nowAt: number): Tick[] {
    return this.nextTicks(count, nowAt - this.#jitterMs);
  }

  /** The ticks whose logical date lies in [fromAt, untilAt], oldest first, at most `limit`. */
  between(fromAt: number, untilAt: number, limit: number): Tick[] {
    const isIn = (tick: Tick) => tick.logicalAt <= untilAt;
    // With data intervals a tick's logical date is the tick before: the first one may be one too early.
    return this.#ticks(fromAt - 1, limit + 1, isIn)
      .filter(tick => tick.logicalAt >= fromAt)
      .slice(0, limit);
  }

  /**
   * The ticks that a scheduler has to start now: with `catchup` all that are due, else only the latest of them.
   * @param sinceAt what the last look returned; undefined: nobody has looked at the DAG's schedule before. Then its past begins at
   *   its start date if it makes up for ticks or has data intervals, else now.
   */
  due(sinceAt: number | undefined, nowAt: number, limit = DEFAULT_LIMIT): Due {
    if (this.#isOnce && this.#startAt === undefined) {
      // Its only tick is the moment in which it is first seen.
      return sinceAt === undefined ? { ticks: [this.#tick(nowAt)], sinceAt: nowAt } : { ticks: [], sinceAt };
    }
    const from = sinceAt ?? this.#firstSince(nowAt);
    const untilAt = nowAt - this.#jitterMs;
    const ticks = this.#catchup ? this.#ticks(from, limit, tick => tick.at <= untilAt) : this.#latest(from, untilAt);
    return { ticks, sinceAt: ticks.at(-1)?.at ?? from };
  }

  #firstSince(nowAt: number): number {
    const hasPast = this.#catchup || this.#hasIntervals || this.#isOnce;
    return this.#startAt !== undefined && hasPast ? this.#startAt - 1 : nowAt;
  }

  /** The ticks after `afterAt` in a row, as long as they are wanted. */
  #ticks(afterAt: number, limit: number, isWanted: (tick: Tick) => boolean): Tick[] {
    const ticks: Tick[] = [];
    for (let at = this.#nextAt(afterAt); at !== undefined && ticks.length < limit; at = this.#nextAt(at)) {
      const tick = this.#tick(at, ticks.at(-1)?.at);
      if (!isWanted(tick)) break;
      ticks.push(tick);
    }
    return ticks;
  }

  #latest(afterAt: number, untilAt: number): Tick[] {
    const at = lastTick(this.#timetable, Math.max(afterAt, this.#afterAt), Math.min(untilAt, this.#untilAt));
    return at === undefined ? [] : [this.#tick(at)];
  }

  #nextAt(afterAt: number): number | undefined {
    const at = this.#timetable.next(Math.max(afterAt, this.#afterAt));
    return at === undefined || at > this.#untilAt ? undefined : at;
  }

  /** @param before the tick before it, where it is known: looking for it costs 50 times as much as the next one */
  #tick(at: number, before?: number): Tick {
    const startAt = this.#isOnce ? at : (before ?? tickBefore(this.#timetable, at) ?? at);
    const logicalAt = this.#hasIntervals ? startAt : at;
    return {
      at,
      dueAt: at + this.#jitterMs,
      // The instant of what runs once is not known before it is started; its name has to be.
      runId: this.#isOnce ? runId(this.#id, "once") : scheduledRunId(this.#id, logicalAt),
      logicalAt,
      interval: { startAt, endAt: at },
    };
  }
}

/** The first tick of the schedule after `afterMs`, within the DAG's start and end; undefined when there is none. */
export const nextTick = (spec: Omit<ScheduledSpec, "id">, afterMs: number): number | undefined =>
  new DagClock({ ...spec, id: "" }).next(afterMs)?.at;
