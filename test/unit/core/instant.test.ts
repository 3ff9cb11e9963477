import assert from "node:assert/strict";
import { instantIn, isTimezone } from "#core/instant.ts";

describe("instantIn", () => {
  const table: readonly (readonly [text: string, zone: string, utc: string | undefined])[] = [
    ["2026-01-31", "UTC", "2026-01-31T00:00:00.000Z"],
    ["2026-01-31", "Europe/Berlin", "2026-01-30T23:00:00.000Z"],
    ["2026-07-31", "Europe/Berlin", "2026-07-30T22:00:00.000Z"],
    ["2026-01-31", "America/New_York", "2026-01-31T05:00:00.000Z"],
    ["2026-01-31T06:30", "Asia/Kolkata", "2026-01-31T01:00:00.000Z"],
    ["2026-01-31 06:30:15", "UTC", "2026-01-31T06:30:15.000Z"],
    ["2026-01-31T06:30:15.25", "UTC", "2026-01-31T06:30:15.250Z"],
    ["2026-01-31T06:30:00Z", "Europe/Berlin", "2026-01-31T06:30:00.000Z"],
    ["2026-01-31T06:30:00+02:00", "America/New_York", "2026-01-31T04:30:00.000Z"],
    ["2026-03-29T02:30", "Europe/Berlin", "2026-03-29T01:30:00.000Z"], // skipped: 02:30 becomes 03:30
    ["2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30:00.000Z"], // twice: the first
    ["2026-11-01T01:30", "America/New_York", "2026-11-01T05:30:00.000Z"],
    ["2028-02-29", "UTC", "2028-02-29T00:00:00.000Z"],
    ["2026-02-29", "UTC", undefined],
    ["2026-02-30", "UTC", undefined],
    ["2026-13-01", "UTC", undefined],
    ["2026-01-31T24:30", "UTC", undefined],
    ["2026-1-31", "UTC", undefined],
    ["31.01.2026", "UTC", undefined],
    ["tomorrow", "UTC", undefined],
    ["", "UTC", undefined],
  ];
  for (const [text, zone, utc] of table) {
    it(`reads '${text}' in ${zone}`, () => {
      const at = instantIn(text, zone);
      assert.equal(at === undefined ? undefined : new Date(at).toISOString(), utc);
    });
  }
});

describe("isTimezone", () => {
  for (const [name, expected] of [
    ["UTC", true],
    ["Europe/Berlin", true],
    ["Mars/Base", false],
    ["", false],
  ] as const) {
    it(`${expected ? "knows" : "does not know"} '${name}'`, () => assert.equal(isTimezone(name), expected));
  }
});
