import assert from "node:assert/strict";
import { scheduleText } from "../../../services/dashboard/web/dags/schedule-text.ts";
import { formatAgo, formatDuration } from "../../../services/dashboard/web/ui/format-duration.ts";
import { formatInstant, type InstantStyle, zoneLabel } from "../../../services/dashboard/web/ui/format-instant.ts";
import { roundSteps, timeTicks } from "../../../services/dashboard/web/ui/time-ticks.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("web: durations", () => {
  for (const [ms, text] of [
    [-5, "0 ms"],
    [340, "340 ms"],
    [8_250, "8.2 s"],
    [9_999, "9.9 s"],
    [45_900, "45 s"],
    [3 * MINUTE + 10 * SECOND, "3 m 10 s"],
    [2 * HOUR, "2 h"],
    [2 * HOUR + 5 * MINUTE, "2 h 05 m"],
    [47 * HOUR, "47 h"],
    [4 * DAY + 3 * HOUR, "4 d 03 h"],
  ] as const)
    it(`${ms} ms is ${text}`, () => assert.equal(formatDuration(ms), text));

  for (const [at, text] of [
    [0, "now"],
    [-30_500, "30 s ago"],
    [-3 * MINUTE - 10 * SECOND, "3 m ago"],
    [2 * HOUR, "in 2 h"],
  ] as const)
    it(`${at} ms from now is ${text}`, () => assert.equal(formatAgo(at, 0), text));
});

describe("web: instants", () => {
  const at = Date.parse("2026-11-25T03:12:09.482Z");
  const table: readonly (readonly [zone: string, style: InstantStyle, now: string, text: string])[] = [
    ["UTC", "auto", "2026-11-25T23:00:00Z", "03:12:09"],
    ["UTC", "auto", "2026-11-26T00:00:00Z", "25 Nov 03:12"],
    ["UTC", "auto", "2027-01-01T00:00:00Z", "2026-11-25 03:12"],
    ["Europe/Berlin", "full", "2027-01-01T00:00:00Z", "2026-11-25 04:12:09"],
    ["America/New_York", "day", "2027-01-01T00:00:00Z", "2026-11-24"],
    ["UTC", "exact", "2027-01-01T00:00:00Z", "2026-11-25 03:12:09.482"],
  ];
  for (const [zone, style, now, text] of table)
    it(`${style} in ${zone}, seen ${now}`, () => assert.equal(formatInstant(at, zone, style, Date.parse(now)), text));

  it("names zones with what they are ahead", () => {
    assert.deepEqual(
      ["UTC", "Europe/Berlin", "Africa/Abidjan"].map(zone => zoneLabel(zone, at)),
      ["UTC", "Europe/Berlin (+01:00)", "Africa/Abidjan (+00:00)"],
    );
  });
});

describe("web: axes", () => {
  it("has round instants, few enough", () => {
    const from = Date.parse("2026-11-25T18:55:00Z");
    const ticks = timeTicks(from, from + 8 * HOUR, 9).map(at => new Date(at).toISOString().slice(11, 16));
    assert.deepEqual(ticks, ["19:00", "20:00", "21:00", "22:00", "23:00", "00:00", "01:00", "02:00"]);
  });
  it("is round in the zone that is shown", () => {
    const from = Date.parse("2026-11-25T00:10:00Z");
    const [first] = timeTicks(from, from + 8 * HOUR, 9, 5.5 * HOUR);
    assert.equal(new Date(first!).toISOString(), "2026-11-25T00:30:00.000Z");
  });
  it("has round values from 0", () =>
    assert.deepEqual(roundSteps(17_000, 5, [1_000, 5_000, 10_000]), [0, 5_000, 10_000, 15_000]));
  it("goes on beyond its units", () => assert.deepEqual(roundSteps(950, 5, [1]), [0]));
});

describe("web: schedules in words", () => {
  const table: readonly (readonly [schedule: Parameters<typeof scheduleText>[0], text: string | undefined])[] = [
    [undefined, undefined],
    [{ cron: ["0 2 * * *"] }, "At 02:00"],
    [{ cron: ["0 2 * * *", "30 14 * * 5"] }, "At 02:00 and at 14:30, only on Friday"],
    [{ everyMs: 90_000 }, "Every 1 m 30 s"],
    [{ once: true }, "Once"],
    [{ at: [1, 2] }, "At 2 instants"],
    [{ timetable: "workdays" }, "By its timetable workdays"],
  ];
  for (const [schedule, text] of table) it(String(text), () => assert.equal(scheduleText(schedule), text));
});
