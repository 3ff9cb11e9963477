import { WindlassError } from "../errors.ts";

/** What a DAG's own timetable has said, some time ahead. Kept beside the DAG: to renew it makes no new version. */
export interface Horizon {
  /** Ascending; the first may lie before what was asked for, as the start of the interval that the second ends. */
  ticks: number[];
  /** Ticks up to here are known. Absent: there are no more. */
  untilAt?: number | undefined;
}

/** How far a timetable is asked: whichever comes first of so many ticks behind now, and so much time. */
export const HORIZON_TICKS = 100;
export const HORIZON_MS = 35 * 86_400_000;
/** The most ticks of one answer, those that are made up for included. */
export const MAX_HORIZON_TICKS = 10_000;

/** Whether a timetable has to be asked again: half of the ticks or of the time is used up. */
export function needsRenewal({ ticks, untilAt }: Horizon, nowAt: number): boolean {
  if (untilAt === undefined || untilAt > nowAt + HORIZON_MS / 2) return false;
  return ticks.filter(at => at > nowAt).length < HORIZON_TICKS / 2;
}

/** The horizon after a timetable was asked for the ticks behind `afterAt`. What is older than one tick before it is dropped. */
export function renewed(before: Horizon | undefined, afterAt: number, answer: Horizon): Horizon {
  const last = before?.ticks.findLast(at => at <= afterAt);
  return { ...answer, ticks: last === undefined ? answer.ticks : [last, ...answer.ticks] };
}

/**
 * Asks a timetable for its ticks after `afterAt`, as far as a horizon reaches from `nowAt`.
 * @throws WL_DAG_TIMETABLE when `next` gives what is no instant behind the one it was asked for
 */
export function askTicks(next: (afterAt: number) => number | undefined, afterAt: number, nowAt: number): Horizon {
  const ticks: number[] = [];
  let ahead = 0;
  for (let last = afterAt; ; last = ticks.at(-1)!) {
    if (ahead === HORIZON_TICKS || ticks.length === MAX_HORIZON_TICKS) return { ticks, untilAt: last };
    const at = next(last);
    if (at === undefined) return { ticks };
    if (!Number.isSafeInteger(at)) throw problem(last, "is no valid Date");
    if (at <= last) throw problem(last, `is ${instant(at)}, which is not after it`);
    if (at > nowAt + HORIZON_MS) return { ticks: [...ticks, at], untilAt: at };
    ticks.push(at);
    if (at > nowAt) ahead++;
  }
}

const problem = (askedAt: number, what: string): WindlassError =>
  new WindlassError("WL_DAG_TIMETABLE", `the timetable's next(${instant(askedAt)}) ${what}`);

const instant = (at: number): string => new Date(at).toISOString();
