import assert from "node:assert/strict";
import { dateText, parseInstant } from "../../../services/cli/input/parse-instant.ts";

const NOW = Date.UTC(2026, 10, 24, 12);

describe("parseInstant", () => {
  const table: readonly (readonly [written: string, instant: string])[] = [
    ["now", "2026-11-24T12:00:00.000Z"],
    ["-2h", "2026-11-24T10:00:00.000Z"],
    ["+1d12h", "2026-11-26T00:00:00.000Z"],
    ["-90s", "2026-11-24T11:58:30.000Z"],
    ["2026-11-01", "2026-11-01T00:00:00.000Z"],
    ["2026-11-01T06:30", "2026-11-01T06:30:00.000Z"],
    ["2026-11-01 06:30", "2026-11-01T06:30:00.000Z"],
    ["2026-11-01T06:30:15Z", "2026-11-01T06:30:15.000Z"],
    ["2026-11-01T06:30+02:00", "2026-11-01T04:30:00.000Z"],
  ];
  for (const [written, instant] of table) {
    it(written, () => assert.equal(new Date(parseInstant(written, NOW)).toISOString(), instant));
  }

  for (const written of ["yesterday", "2h", "-2x", "2026-13-01", "2026-11-1", "12:00", ""]) {
    it(`refuses '${written}'`, () => assert.throws(() => parseInstant(written, NOW), { code: "WL_CLI_USAGE" }));
  }
});

describe("dateText", () => {
  it("leaves a date to the DAG's zone", () => assert.equal(dateText("2026-11-01T06:30", NOW), "2026-11-01T06:30"));
  it("makes an instant of what is relative", () => assert.equal(dateText("-1d", NOW), "2026-11-23T12:00:00.000Z"));
});
