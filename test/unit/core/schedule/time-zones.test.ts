import assert from "node:assert/strict";
import fc from "fast-check";
import { lastTick, tickBefore, timetableOf } from "#core/schedule/timetable.ts";
import { at, clockOf, DAY_MS, iso, MINUTE_MS } from "./clock-of.ts";

/** A change of clocks: the day before it begins, and the ticks that follow. All instants in UTC. */
interface Edge {
  timezone: string;
  change: string;
  from: string;
  ticks: Readonly<Record<string, readonly string[]>>;
}

const EDGES: readonly Edge[] = [
  {
    timezone: "Europe/Berlin",
    change: "forward, 02:00 → 03:00 at 01:00Z",
    from: "2026-03-28T12:00Z",
    ticks: {
      "30 1 * * *": ["03-29T00:30", "03-29T23:30"],
      "0 2 * * *": ["03-29T01:00", "03-30T00:00"],
      "30 2 * * *": ["03-29T01:00", "03-30T00:30"],
      "0 3 * * *": ["03-29T01:00", "03-30T01:00"],
      "0 0,12 * * *": ["03-28T23:00", "03-29T10:00", "03-29T22:00"],
      "0 */6 * * *": ["03-28T17:00", "03-28T23:00", "03-29T04:00", "03-29T10:00"],
    },
  },
  {
    timezone: "Europe/Berlin",
    change: "back, 03:00 → 02:00 at 01:00Z",
    from: "2026-10-24T12:00Z",
    ticks: {
      "30 1 * * *": ["10-24T23:30", "10-26T00:30"],
      "0 2 * * *": ["10-25T00:00", "10-26T01:00"],
      "30 2 * * *": ["10-25T00:30", "10-26T01:30"],
      "0 3 * * *": ["10-25T02:00", "10-26T02:00"],
      "0 0,12 * * *": ["10-24T22:00", "10-25T11:00", "10-25T23:00"],
    },
  },
  {
    timezone: "America/New_York",
    change: "forward, 02:00 → 03:00 at 07:00Z",
    from: "2026-03-07T18:00Z",
    ticks: {
      "30 1 * * *": ["03-08T06:30", "03-09T05:30"],
      "30 2 * * *": ["03-08T07:00", "03-09T06:30"],
      "0 3 * * *": ["03-08T07:00", "03-09T07:00"],
    },
  },
  {
    timezone: "America/New_York",
    change: "back, 02:00 → 01:00 at 06:00Z",
    from: "2026-10-31T18:00Z",
    ticks: {
      "30 1 * * *": ["11-01T05:30", "11-02T06:30"],
      "30 2 * * *": ["11-01T07:30", "11-02T07:30"],
    },
  },
  {
    timezone: "Australia/Lord_Howe",
    change: "forward by half an hour, 02:00 → 02:30 at 15:30Z",
    from: "2026-10-03T04:00Z",
    ticks: {
      "45 1 * * *": ["10-03T15:15", "10-04T14:45"],
      "0 2 * * *": ["10-03T15:30", "10-04T15:00"],
      "15 2 * * *": ["10-03T15:30", "10-04T15:15"],
      "30 2 * * *": ["10-03T15:30", "10-04T15:30"],
      "0 3 * * *": ["10-03T16:00", "10-04T16:00"],
    },
  },
  {
    timezone: "Australia/Lord_Howe",
    change: "back by half an hour, 02:00 → 01:30 at 15:00Z",
    from: "2026-04-04T04:00Z",
    ticks: {
      "30 1 * * *": ["04-04T14:30", "04-05T15:00"],
      "45 1 * * *": ["04-04T14:45", "04-05T15:15"],
      "0 2 * * *": ["04-04T15:30", "04-05T15:30"],
    },
  },
];

const short = (ms: number): string => iso(ms)!.slice(5, 16);

describe("schedules where clocks change", () => {
  for (const { timezone, change, from, ticks } of EDGES) {
    describe(`${timezone} ${change}`, () => {
      for (const [cron, expected] of Object.entries(ticks)) {
        it(cron, () => {
          const found = clockOf({ cron, timezone }).nextTicks(expected.length, at(from));
          assert.deepEqual(
            found.map(tick => short(tick.at)),
            expected,
          );
        });
      }

      it("a wildcard keeps its distance through the change", () => {
        const found = clockOf({ cron: "*/15 * * * *", timezone }).nextTicks(4 * 30, at(from));
        for (const [i, tick] of found.entries())
          if (i > 0) assert.equal(tick.at - found[i - 1]!.at, 15 * MINUTE_MS, short(tick.at));
      });
    });
  }

  it("an hour on the wall that comes twice is two ticks of a wildcard", () => {
    const found = clockOf({ cron: "0 * * * *", timezone: "Europe/Berlin" }).nextTicks(4, at("2026-10-24T23:00Z"));
    assert.deepEqual(
      found.map(tick => short(tick.at)),
      ["10-25T00:00", "10-25T01:00", "10-25T02:00", "10-25T03:00"],
    );
  });

  const anyEdge = fc.constantFrom(...EDGES);
  const anyCron = fc.constantFrom("30 2 * * *", "30 1 * * *", "0 * * * *", "*/7 1-3 * * *", "45 1,2 * * *", "0 2 * * *");

  it("which tick is next does not depend on where one looks from", () => {
    fc.assert(
      fc.property(anyEdge, anyCron, fc.integer({ min: 0, max: DAY_MS }), ({ timezone, from }, cron, offset) => {
        const timetable = timetableOf({ cron: [cron] }, timezone);
        const [start, look] = [at(from), at(from) + offset];
        let next = timetable.next(start)!;
        while (next <= look) next = timetable.next(next)!;
        assert.equal(timetable.next(look), next);
      }),
      { numRuns: 200 },
    );
  });

  it("the last tick is the one before the next", () => {
    fc.assert(
      fc.property(anyEdge, anyCron, fc.integer({ min: 0, max: DAY_MS }), ({ timezone, from }, cron, offset) => {
        const timetable = timetableOf({ cron: [cron] }, timezone);
        const until = at(from) + offset;
        const last = lastTick(timetable, at(from) - DAY_MS, until);
        assert.ok(last !== undefined && last <= until);
        assert.ok(timetable.next(last)! > until);
        assert.equal(timetable.next(last - 1), last);
      }),
      { numRuns: 200 },
    );
  });
});

describe("timetableOf", () => {
  const table: readonly (readonly [cron: string, from: string, ticks: readonly string[]])[] = [
    ["0 0 L * *", "2026-02-01T00:00Z", ["02-28", "03-31", "04-30"]],
    ["0 0 LW * *", "2026-02-01T00:00Z", ["02-27", "03-31", "04-30", "05-29"]],
    ["0 0 15W * *", "2026-02-01T00:00Z", ["02-16", "03-16", "04-15", "05-15"]],
    ["0 0 1W * *", "2026-02-01T00:00Z", ["02-02", "03-02", "04-01"]],
    ["0 0 * * MON#2", "2026-02-01T00:00Z", ["02-09", "03-09", "04-13"]],
    ["0 0 * * 5L", "2026-02-01T00:00Z", ["02-27", "03-27", "04-24"]],
    ["0 0 29 2 *", "2026-02-01T00:00Z", ["02-29"]],
  ];
  for (const [cron, from, ticks] of table) {
    it(`reads '${cron}'`, () => {
      const found = clockOf({ cron }).nextTicks(ticks.length, at(from));
      assert.deepEqual(
        found.map(tick => iso(tick.at)!.slice(5, 10)),
        ticks,
      );
    });
  }

  it("reads six fields", () => {
    const found = clockOf({ cron: "*/20 * * * * *" }).nextTicks(3, at("2026-01-01T00:00:05Z"));
    assert.deepEqual(
      found.map(tick => iso(tick.at)!.slice(17, 19)),
      ["20", "40", "00"],
    );
  });

  it("finds the tick before one that is years away, and none where there was none", () => {
    const leap = timetableOf({ cron: ["0 0 29 2 *"] }, "UTC");
    assert.equal(iso(tickBefore(leap, at("2104-02-29T00:00Z"))), "2096-02-29T00:00:00.000Z");
    assert.equal(tickBefore(timetableOf({ at: [at("2026-01-01T00:00Z")] }, "UTC"), at("2026-01-01T00:00Z")), undefined);
  });
});
