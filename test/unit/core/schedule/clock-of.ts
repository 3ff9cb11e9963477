import { DagClock, type ScheduledSpec } from "#core/schedule/dag-clock.ts";

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export const at = (text: string): number => Date.parse(text);
export const iso = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : new Date(ms).toISOString());

/** A schedule as a test writes it. */
export interface When {
  cron?: string | string[];
  everyMs?: number;
  events?: string[];
  once?: true;
  /** Ticks that the DAG's own timetable has given. */
  stored?: string[];
  timezone?: string;
  start?: string;
  end?: string;
  catchup?: boolean;
  dataInterval?: boolean;
  jitterMs?: number;
  id?: string;
}

function scheduleOf({ cron, everyMs, events, once, stored }: When): ScheduledSpec["schedule"] {
  if (cron !== undefined) return { cron: [cron].flat() };
  if (everyMs !== undefined) return { everyMs };
  if (events !== undefined) return { at: events.map(at) };
  if (stored !== undefined) return { timetable: "own" };
  return once ? { once } : undefined;
}

export function clockOf(when: When): DagClock {
  const { timezone = "UTC", start, end, catchup = false, dataInterval = false, jitterMs = 0, id = "x" } = when;
  const spec: ScheduledSpec = {
    id,
    schedule: scheduleOf(when),
    timezone,
    catchup,
    dataInterval,
    jitterMs,
    ...(start === undefined ? {} : { startAt: at(start) }),
    ...(end === undefined ? {} : { endAt: at(end) }),
  };
  return new DagClock(spec, when.stored?.map(at));
}
