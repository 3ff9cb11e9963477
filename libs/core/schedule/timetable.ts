import { Cron } from "croner";
import type { Schedule } from "../dag-spec.ts";

/** The instants of a schedule, in ms, without regard to the DAG's start and end. */
export interface Timetable {
  /** The first instant after `afterMs`; undefined when there is none. */
  next(afterMs: number): number | undefined;
  /** The very first instant, where there is one. */
  readonly firstAt?: number;
}

/** The last instant that a Date can hold. */
const END_OF_TIME = 8.64e15;

/**
 * Reads a schedule. Cron fields are wall time in `timezone`: a time that a change of clocks skips comes as soon as the gap is over, one that
 * occurs twice comes the first time only; fields with `*` come at every instant that shows them.
 * @param stored the ticks that the DAG's own timetable has given so far
 */
export function timetableOf(schedule: Schedule | undefined, timezone: string, stored: readonly number[] = []): Timetable {
  if (schedule === undefined) return listed([]);
  if ("everyMs" in schedule) return { next: afterMs => (Math.floor(afterMs / schedule.everyMs) + 1) * schedule.everyMs };
  if ("at" in schedule) return listed(schedule.at);
  if ("timetable" in schedule) return listed(stored);
  return "cron" in schedule && schedule.cron !== undefined ? cronTimetable(schedule.cron, timezone) : listed([]);
}

function cronTimetable(expressions: readonly string[], timezone: string): Timetable {
  const crons = expressions.map(expression => new Cron(expression, { timezone, paused: true }));
  return {
    next(afterMs) {
      const from = new Date(Math.min(Math.max(afterMs, -END_OF_TIME), END_OF_TIME));
      const ticks = crons.flatMap(cron => cron.nextRun(from)?.getTime() ?? []);
      return ticks.length === 0 ? undefined : Math.min(...ticks);
    },
  };
}

function listed(instants: readonly number[]): Timetable {
  const sorted = [...new Set(instants)].sort((a, b) => a - b);
  const next = (afterMs: number) => sorted.find(at => at > afterMs);
  return sorted[0] === undefined ? { next } : { next, firstAt: sorted[0] };
}

/** The last tick in (afterMs, untilMs]; undefined when there is none. It is found by asking for next ticks, so that both always agree. */
export function lastTick(timetable: Timetable, afterMs: number, untilMs: number): number | undefined {
  const isIn = (tick: number | undefined): tick is number => tick !== undefined && tick <= untilMs;
  let last = timetable.next(afterMs);
  if (!isIn(last)) return undefined;
  // Behind `none` there is no tick.
  for (let none = untilMs; last < none; ) {
    const middle = Math.floor((last + none) / 2);
    const tick = timetable.next(middle);
    if (isIn(tick)) last = tick;
    else none = middle;
  }
  return last;
}

const SECOND_MS = 1_000;
/** 29 February may be eight years away. */
const LONGEST_GAP_MS = 9 * 366 * 86_400_000;

/** The last tick before `beforeMs`, at most nine years back. */
export function tickBefore(timetable: Timetable, beforeMs: number): number | undefined {
  for (let backMs = SECOND_MS; ; backMs = Math.min(backMs * 4, LONGEST_GAP_MS)) {
    const tick = lastTick(timetable, beforeMs - backMs, beforeMs - 1);
    if (tick !== undefined || backMs === LONGEST_GAP_MS) return tick;
  }
}

/** What is wrong with a cron expression or zone; undefined when it is right. */
export function scheduleProblem(expression: string, timezone: string): string | undefined {
  try {
    new Cron(expression, { timezone, paused: true }).nextRun(new Date(0));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
