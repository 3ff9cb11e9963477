import { offsetMs } from "../instant.ts";
import { type Filter, FilterRefusal, type Literal } from "./filter.ts";
import { formatDate } from "./format-date.ts";
import { addToDate, instantText, startOf, type Unit } from "./zoned-date.ts";

const UTC = "UTC";
const zone = { name: "zone", kind: "zone", optional: true } as const;
const zoneOf = (given: Literal | undefined): string => (typeof given === "string" ? given : UTC);

const EXAMPLE = "run.logicalDate";

const pattern = (what: string, text: string, result: string) => (name: string) =>
  ({
    what: `${what} Default: in UTC.`,
    takes: "date",
    gives: "text",
    args: [zone],
    example: [`${EXAMPLE} | ${name}`, result],
    apply: (at: number, zone?: Literal) => formatDate(at, text, zoneOf(zone)),
  }) as const satisfies Filter;

const add = (unit: Unit, result: string) => (name: string) =>
  ({
    what: `The date so many ${unit}s later; earlier when the number is below 0. With a zone its clocks keep their time of day.`,
    takes: "date",
    gives: "date",
    args: [{ name: unit === "hour" ? "hours" : `${unit}s`, kind: "whole number" }, zone],
    example: [`${EXAMPLE} | ${name}(1)`, result],
    apply: (at: number, count, zone?: Literal) => dateText(addToDate(at, Number(count), unit, zoneOf(zone))),
  }) as const satisfies Filter;

const start = (unit: Unit, result: string) => (name: string) =>
  ({
    what: `When the ${unit} began${unit === "week" ? ", a Monday" : ""}. Default: in UTC.`,
    takes: "date",
    gives: "date",
    args: [zone],
    example: [`${EXAMPLE} | ${name}`, result],
    apply: (at: number, zone?: Literal) => dateText(startOf(at, unit, zoneOf(zone))),
  }) as const satisfies Filter;

/** The filters of dates. A date is ISO 8601 ("2026-01-31T06:30:00Z"; without an offset in UTC) or milliseconds since the epoch. */
export const DATE_FILTERS = {
  ds: pattern("The day: 2026-01-31.", "yyyy-MM-dd", "2026-01-31")("ds"),
  dsNodash: pattern("The day without dashes: 20260131.", "yyyyMMdd", "20260131")("dsNodash"),
  ts: pattern("The instant with its offset.", "yyyy-MM-dd'T'HH:mm:ssXXX", "2026-01-31T06:30:00Z")("ts"),
  tsNodash: pattern("The instant without dashes and colons.", "yyyyMMdd'T'HHmmss", "20260131T063000")("tsNodash"),
  addSeconds: add("second", "2026-01-31T06:30:01Z")("addSeconds"),
  addMinutes: add("minute", "2026-01-31T06:31:00Z")("addMinutes"),
  addHours: add("hour", "2026-01-31T07:30:00Z")("addHours"),
  addDays: add("day", "2026-02-01T06:30:00Z")("addDays"),
  addWeeks: add("week", "2026-02-07T06:30:00Z")("addWeeks"),
  addMonths: add("month", "2026-02-28T06:30:00Z")("addMonths"),
  addYears: add("year", "2027-01-31T06:30:00Z")("addYears"),
  startOfHour: start("hour", "2026-01-31T06:00:00Z")("startOfHour"),
  startOfDay: start("day", "2026-01-31T00:00:00Z")("startOfDay"),
  startOfWeek: start("week", "2026-01-26T00:00:00Z")("startOfWeek"),
  startOfMonth: start("month", "2026-01-01T00:00:00Z")("startOfMonth"),
  startOfYear: start("year", "2026-01-01T00:00:00Z")("startOfYear"),
  format: {
    what: "The date in a pattern of yyyy, yy, MMMM, MMM, MM, M, dd, d, EEEE, EEE, HH, H, mm, ss, SSS and XXX (the offset); other letters in '…'.",
    takes: "date",
    gives: "text",
    args: [{ name: "pattern", kind: "text" }, zone],
    example: [`${EXAMPLE} | format("yyyy/MM/dd HH:mm", "Europe/Berlin")`, "2026/01/31 07:30"],
    apply: (at: number, pattern, zone?: Literal) => formatDate(at, String(pattern), zoneOf(zone)),
  },
  inZone: {
    what: "The same instant with the zone's time of day and offset.",
    takes: "date",
    gives: "date",
    args: [{ name: "zone", kind: "zone" }],
    example: [`${EXAMPLE} | inZone("Europe/Berlin")`, "2026-01-31T07:30:00+01:00"],
    apply: (at: number, zone) => {
      if (offsetMs(at, zoneOf(zone)) % 60_000 !== 0) throw new FilterRefusal("its offset then was no whole minute");
      return formatDate(at, "yyyy-MM-dd'T'HH:mm:ssXXX", zoneOf(zone));
    },
  },
  unix: {
    what: "Seconds since 1970-01-01T00:00:00Z.",
    takes: "date",
    gives: "number",
    args: [],
    example: [`${EXAMPLE} | unix`, 1_769_841_000],
    apply: (at: number) => Math.floor(at / 1_000),
  },
} as const satisfies Readonly<Record<string, Filter>>;

function dateText(at: number): string {
  const text = instantText(at);
  if (text === undefined) throw new FilterRefusal("the date lies outside of the years 0 to 9999");
  return text;
}
