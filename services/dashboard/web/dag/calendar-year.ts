import type { CalendarReply } from "#contract/calendar.ts";

/** A day of a year in a calendar whose columns are weeks. */
export interface CalendarDay {
  day: string;
  /** From 0, the first week of the year. */
  week: number;
  /** From 0, Monday. */
  weekday: number;
  counts: CalendarReply["days"][number] | undefined;
}

const DAY_MS = 86_400_000;

/** All days of the year, in order. Dates are counted in UTC, where every day has 24 hours. */
export function calendarYear(year: number, days: CalendarReply["days"]): CalendarDay[] {
  const counts = new Map(days.map(day => [day.day, day]));
  const first = Date.UTC(year, 0, 1);
  const lead = weekdayOf(first);
  const length = Math.round((Date.UTC(year + 1, 0, 1) - first) / DAY_MS);
  return Array.from({ length }, (_, i) => {
    const at = first + i * DAY_MS;
    const day = new Date(at).toISOString().slice(0, 10);
    return { day, week: Math.floor((i + lead) / 7), weekday: weekdayOf(at), counts: counts.get(day) };
  });
}

const weekdayOf = (at: number): number => (new Date(at).getUTCDay() + 6) % 7;

/** How a day went, and from 0 to 1 how much of it failed. */
export function dayLook({ counts }: CalendarDay): {
  kind: "none" | "good" | "mixed" | "bad" | "live" | "cancelled";
  failedShare: number;
} {
  if (counts === undefined) return { kind: "none", failedShare: 0 };
  const { success, failed, live } = counts;
  const failedShare = failed / Math.max(1, success + failed);
  if (failed > 0) return { kind: success > 0 ? "mixed" : "bad", failedShare };
  if (live > 0) return { kind: "live", failedShare };
  return { kind: success > 0 ? "good" : "cancelled", failedShare };
}
