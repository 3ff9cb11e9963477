import assert from "node:assert/strict";
import { askTicks, HORIZON_MS, HORIZON_TICKS, MAX_HORIZON_TICKS, needsRenewal, renewed } from "#core/schedule/horizon.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "./clock-of.ts";

const every = (ms: number) => (afterAt: number) => (Math.floor(afterAt / ms) + 1) * ms;

describe("askTicks", () => {
  it("asks for a hundred ticks ahead", () => {
    const { ticks, untilAt } = askTicks(every(MINUTE_MS), 0, 0);
    assert.deepEqual([ticks.length, ticks[0], untilAt], [HORIZON_TICKS, MINUTE_MS, ticks.at(-1)]);
  });
  it("asks for no more than 35 days, and keeps the first tick behind them", () => {
    const { ticks, untilAt } = askTicks(every(10 * DAY_MS), 0, 0);
    assert.deepEqual([ticks, untilAt], [[10, 20, 30, 40].map(n => n * DAY_MS), 40 * DAY_MS]);
  });
  it("counts only what is ahead of now", () => {
    const { ticks } = askTicks(every(HOUR_MS), 0, 10 * DAY_MS);
    assert.equal(ticks.length, 240 + HORIZON_TICKS);
  });
  it("ends where the timetable does", () => {
    assert.deepEqual(
      askTicks(at => (at < 5 ? 5 : undefined), 0, 0),
      { ticks: [5] },
    );
  });
  it("stops at some number of ticks, from which it goes on the next time", () => {
    const { ticks, untilAt } = askTicks(at => at + 1, 0, DAY_MS);
    assert.deepEqual([ticks.length, untilAt], [MAX_HORIZON_TICKS, MAX_HORIZON_TICKS]);
  });
  const wrong: readonly (readonly [what: string, next: (at: number) => number])[] = [
    ["stands still", at => at],
    ["goes back", at => at - 1],
    ["gives no instant", () => Number.NaN],
  ];
  for (const [what, next] of wrong) {
    it(`refuses a timetable that ${what}`, () => assert.throws(() => askTicks(next, 0, 0), { code: "WL_DAG_TIMETABLE" }));
  }
});

describe("needsRenewal", () => {
  const full = askTicks(every(HOUR_MS), 0, 0);
  const table: readonly (readonly [what: string, needs: boolean, nowAt: number])[] = [
    ["not when it is new", false, 0],
    ["not while half of the ticks are ahead", false, 50 * HOUR_MS - 1],
    ["when fewer are", true, 51 * HOUR_MS],
    ["when none is", true, 1_000 * HOUR_MS],
  ];
  for (const [what, needs, nowAt] of table) it(what, () => assert.equal(needsRenewal(full, nowAt), needs));
  it("not while half of the time is ahead", () => {
    const rare = askTicks(every(10 * DAY_MS), 0, 0);
    assert.deepEqual([needsRenewal(rare, 0), needsRenewal(rare, 40 * DAY_MS - HORIZON_MS / 2)], [false, true]);
  });
  it("not when there are no more ticks", () => assert.equal(needsRenewal({ ticks: [5] }, DAY_MS), false));
});

describe("renewed", () => {
  it("keeps the tick before, which the first interval starts at", () => {
    assert.deepEqual(renewed({ ticks: [1, 2, 3], untilAt: 3 }, 2, { ticks: [3, 4], untilAt: 4 }), {
      ticks: [2, 3, 4],
      untilAt: 4,
    });
    assert.deepEqual(renewed(undefined, 2, { ticks: [3] }), { ticks: [3] });
  });
});
