import assert from "node:assert/strict";
import fc from "fast-check";
import { DurationMs, formatDuration, parseDuration } from "#core/duration.ts";

describe("parseDuration", () => {
  const table: readonly (readonly [text: string, ms: number | undefined])[] = [
    ["250ms", 250],
    ["10s", 10_000],
    ["5m", 300_000],
    ["1h30m", 5_400_000],
    ["1.5h", 5_400_000],
    ["2d", 172_800_000],
    ["1d2h3m4s5ms", 93_784_005],
    ["0s", 0],
    ["", undefined],
    ["10", undefined],
    ["s", undefined],
    ["-5s", undefined],
    ["5 s", undefined],
    ["5S", undefined],
    ["5w", undefined],
    ["10sx", undefined],
    ["1e3s", undefined],
  ];
  for (const [text, ms] of table) it(`reads '${text}' as ${ms}`, () => assert.equal(parseDuration(text), ms));
});

describe("DurationMs", () => {
  for (const [input, ms] of [
    ["10s", 10_000],
    [1_500, 1_500],
    [0, 0],
  ] as const) {
    it(`takes ${JSON.stringify(input)}`, () => assert.equal(DurationMs.parse(input), ms));
  }
  for (const input of ["soon", "36526d", -1, 1.5, true, null, undefined, Number.NaN]) {
    it(`refuses ${String(input)}`, () => assert.ok(!DurationMs.safeParse(input).success));
  }
});

describe("formatDuration", () => {
  const table: readonly (readonly [ms: number, text: string])[] = [
    [0, "0ms"],
    [999, "999ms"],
    [1_000, "1s"],
    [90_000, "1m30s"],
    [3_600_000, "1h"],
    [3_605_000, "1h5s"],
    [90_061_000, "1d1h"],
  ];
  for (const [ms, text] of table) it(`writes ${ms} as ${text}`, () => assert.equal(formatDuration(ms), text));

  it("can be read again, to the two largest units", () => {
    fc.assert(
      fc.property(fc.nat(10 ** 9), ms => {
        const again = parseDuration(formatDuration(ms));
        assert.ok(again !== undefined && Math.abs(again - ms) <= Math.max(500, ms * 0.05));
      }),
    );
  });
});
