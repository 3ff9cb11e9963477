import { instantOfWall, offsetMs } from "../instant.ts";

export type Unit = "second" | "minute" | "hour" | "day" | "week" | "month" | "year";

const UNIT_MS: Readonly<Record<Exclude<Unit, "month" | "year">, number>> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

const MONTHS: Readonly<Record<"month" | "year", number>> = { month: 1, year: 12 };

/** 1970-01-01 was a Thursday. */
const FIRST_MONDAY_MS = 4 * UNIT_MS.day;

const YEAR_0_AT = Date.parse("0000-01-01T00:00:00Z");
const YEAR_10000_AT = Date.parse("9999-12-31T23:59:59.999Z") + 1;

/** Whether the instant lies in the years 0 to 9999. */
export const isDate = (at: number): boolean => at >= YEAR_0_AT && at < YEAR_10000_AT;

/** "2026-01-31T06:30:00Z", with milliseconds where there are any; undefined when it {@link isDate is no date}. */
export const instantText = (at: number): string | undefined =>
  isDate(at) ? new Date(at).toISOString().replace(".000Z", "Z") : undefined;

/** What the zone's clocks show, as if they showed UTC. */
export const wallOf = (at: number, timezone: string): number => at + offsetMs(at, timezone);

/** Days and longer units keep the time of day of the zone's clocks; of a month that is too short its last day is taken. */
export function addToDate(at: number, count: number, unit: Unit, timezone: string): number {
  if (unit === "second" || unit === "minute" || unit === "hour") return at + count * UNIT_MS[unit];
  const wall = wallOf(at, timezone);
  const moved = unit === "month" || unit === "year" ? addMonths(wall, count * MONTHS[unit]) : wall + count * UNIT_MS[unit];
  return isDate(moved) ? instantOfWall(moved, timezone) : Number.NaN;
}

function addMonths(wall: number, count: number): number {
  const moved = new Date(wall);
  const day = moved.getUTCDate();
  moved.setUTCDate(1);
  moved.setUTCMonth(moved.getUTCMonth() + count);
  const last = new Date(moved);
  last.setUTCMonth(last.getUTCMonth() + 1, 0);
  moved.setUTCDate(Math.min(day, last.getUTCDate()));
  return moved.getTime();
}

/** When the unit that `at` lies in began on the zone's clocks. */
export function startOf(at: number, unit: Unit, timezone: string): number {
  const wall = wallOf(at, timezone);
  if (unit !== "month" && unit !== "year") {
    const from = unit === "week" ? FIRST_MONDAY_MS : 0;
    const floor = Math.floor((wall - from) / UNIT_MS[unit]) * UNIT_MS[unit] + from;
    // Within an hour the clocks do not change, so the hour that occurs twice stays the one it was.
    return UNIT_MS[unit] <= UNIT_MS.hour ? at - (wall - floor) : instantOfWall(floor, timezone);
  }
  const start = new Date(wall);
  start.setUTCHours(0, 0, 0, 0);
  start.setUTCDate(1);
  if (unit === "year") start.setUTCMonth(0);
  return instantOfWall(start.getTime(), timezone);
}
