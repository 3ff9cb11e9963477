import assert from "node:assert/strict";
import fc from "fast-check";
import { nextTick } from "#core/schedule/dag-clock.ts";
import { scheduleProblem } from "#core/schedule/timetable.ts";
import { at, clockOf, DAY_MS, HOUR_MS, iso, MINUTE_MS, type When } from "./clock-of.ts";

const day = (ms: number): string => iso(ms)!.slice(0, 10);

describe("DagClock.next", () => {
  const table: readonly (readonly [name: string, when: When, after: string, next: string | undefined])[] = [
    ["no schedule", {}, "2026-01-01T00:00Z", undefined],
    ["daily", { cron: "0 0 * * *" }, "2026-01-01T12:00Z", "2026-01-02T00:00:00.000Z"],
    ["a tick itself is not after itself", { cron: "0 0 * * *" }, "2026-01-01T00:00Z", "2026-01-02T00:00:00.000Z"],
    ["a millisecond before", { cron: "0 0 * * *" }, "2026-01-01T23:59:59.999Z", "2026-01-02T00:00:00.000Z"],
    ["the earliest of several", { cron: ["0 8 * * *", "0 6 * * *"] }, "2026-01-01T00:00Z", "2026-01-01T06:00:00.000Z"],
    ["in a zone", { cron: "0 6 * * *", timezone: "Europe/Berlin" }, "2026-01-01T00:00Z", "2026-01-01T05:00:00.000Z"],
    ["in a zone in summer", { cron: "0 6 * * *", timezone: "Europe/Berlin" }, "2026-07-01T00:00Z", "2026-07-01T04:00:00.000Z"],
    ["an interval counts from the epoch", { everyMs: 10 * MINUTE_MS }, "2026-01-01T00:03Z", "2026-01-01T00:10:00.000Z"],
    ["an interval's tick is not after itself", { everyMs: 10 * MINUTE_MS }, "2026-01-01T00:10Z", "2026-01-01T00:20:00.000Z"],
    ["listed instants, in any order", { events: ["2026-03-01", "2026-02-01"] }, "2026-01-01T00:00Z", "2026-02-01T00:00:00.000Z"],
    ["listed instants have an end", { events: ["2026-03-01"] }, "2026-03-01T00:00Z", undefined],
    ["the ticks of a timetable", { stored: ["2026-02-01"] }, "2026-01-01T00:00Z", "2026-02-01T00:00:00.000Z"],
    ["once, at its start date", { once: true, start: "2026-02-01" }, "2026-01-01T00:00Z", "2026-02-01T00:00:00.000Z"],
    ["not before the start", { cron: "0 0 * * *", start: "2026-02-01T06:00Z" }, "2026-01-01T00:00Z", "2026-02-02T00:00:00.000Z"],
    ["the start itself counts", { cron: "0 0 * * *", start: "2026-02-01" }, "2026-01-01T00:00Z", "2026-02-01T00:00:00.000Z"],
    ["the end itself counts", { cron: "0 0 * * *", end: "2026-01-02" }, "2026-01-01T00:00Z", "2026-01-02T00:00:00.000Z"],
    ["not after the end", { cron: "0 0 * * *", end: "2026-01-01T23:59:59Z" }, "2026-01-01T00:00Z", undefined],
    [
      "an interval's start and end",
      { everyMs: DAY_MS, start: "2026-02-01", end: "2026-02-01" },
      "2026-01-01",
      "2026-02-01T00:00:00.000Z",
    ],
    ["a day that never comes", { cron: "0 0 30 2 *" }, "2026-01-01T00:00Z", undefined],
    [
      "with data intervals the first run comes one interval after the start",
      { cron: "0 0 * * *", dataInterval: true, start: "2026-02-01" },
      "2026-01-01",
      "2026-02-02T00:00:00.000Z",
    ],
    [
      "with data intervals the last run is that of the interval that starts at the end date",
      { cron: "0 0 * * *", dataInterval: true, end: "2026-02-01" },
      "2026-02-01T00:00Z",
      "2026-02-02T00:00:00.000Z",
    ],
    [
      "with data intervals none comes behind it",
      { cron: "0 0 * * *", dataInterval: true, end: "2026-02-01" },
      "2026-02-02T00:00Z",
      undefined,
    ],
    [
      "with data intervals the first of listed instants ends none",
      { events: ["2026-02-01", "2026-02-03"], dataInterval: true },
      "2026-01-01",
      "2026-02-03T00:00:00.000Z",
    ],
  ];
  for (const [name, when, after, next] of table) it(name, () => assert.equal(iso(clockOf(when).next(at(after))?.at), next));

  it("is there without a clock, too", () => {
    assert.equal(
      iso(nextTick({ schedule: { cron: ["0 0 * * *"] }, timezone: "UTC" }, at("2026-01-01"))),
      "2026-01-02T00:00:00.000Z",
    );
  });
});

describe("a tick's run", () => {
  const runOf = (when: When, after: string) => {
    const { runId, logicalAt, interval } = clockOf(when).next(at(after))!;
    return { runId, logicalAt: day(logicalAt), from: day(interval.startAt), to: day(interval.endAt) };
  };
  it("stands for the tick", () => {
    assert.deepEqual(runOf({ cron: "0 0 * * *" }, "2026-02-01"), {
      runId: "x~20260202T000000Z",
      logicalAt: "2026-02-02",
      from: "2026-02-01",
      to: "2026-02-02",
    });
  });
  it("stands for the interval's start with data intervals", () => {
    assert.deepEqual(runOf({ cron: "0 0 * * 1", dataInterval: true }, "2026-02-02"), {
      runId: "x~20260202T000000Z",
      logicalAt: "2026-02-02",
      from: "2026-02-02",
      to: "2026-02-09",
    });
  });
  it("has one name when it runs once", () =>
    assert.equal(runOf({ once: true, start: "2026-02-02" }, "2026-01-01").runId, "x~once"));

  it("names every tick differently", () => {
    const zones = fc.constantFrom("Europe/Berlin", "America/New_York", "Australia/Lord_Howe");
    fc.assert(
      fc.property(zones, fc.boolean(), fc.integer({ min: 0, max: 365 }), (timezone, dataInterval, offset) => {
        const clock = clockOf({ cron: ["*/20 1-3 * * *", "30 2 * * *"], timezone, dataInterval });
        const ticks = clock.nextTicks(40, at("2026-01-01") + offset * DAY_MS);
        assert.equal(new Set(ticks.map(tick => tick.runId)).size, ticks.length);
        for (const [i, tick] of ticks.entries()) if (i > 0) assert.equal(tick.interval.startAt, ticks[i - 1]!.at);
      }),
      { numRuns: 50 },
    );
  });
});

describe("DagClock.due", () => {
  const daily = { cron: "0 0 * * *" };
  const table: readonly (readonly [
    name: string,
    when: When,
    since: string | undefined,
    now: string,
    logical: readonly string[],
  ])[] = [
    ["nothing yet", daily, "2026-01-01", "2026-01-01T23:59:59Z", []],
    ["one", daily, "2026-01-01", "2026-01-02", ["2026-01-02"]],
    ["missed ones: only the latest", daily, "2026-01-01", "2026-01-05T12:00Z", ["2026-01-05"]],
    [
      "missed ones with catchup: all",
      { ...daily, catchup: true },
      "2026-01-01",
      "2026-01-03T12:00Z",
      ["2026-01-02", "2026-01-03"],
    ],
    [
      "catchup from the start date",
      { ...daily, catchup: true, start: "2026-01-03" },
      "2026-01-01",
      "2026-01-04",
      ["2026-01-03", "2026-01-04"],
    ],
    ["latest before the end date", { ...daily, end: "2026-01-03T12:00Z" }, "2026-01-01", "2026-01-09", ["2026-01-03"]],
    ["the start is still to come", { ...daily, start: "2026-02-01" }, "2026-01-01", "2026-01-09", []],
    ["an interval, latest only", { everyMs: DAY_MS }, "2026-01-01", "2026-01-05T12:00Z", ["2026-01-05"]],
    ["the same instant twice", daily, "2026-01-02", "2026-01-02", []],
    ["no schedule", {}, "2026-01-01", "2026-01-05", []],
    ["listed instants, latest only", { events: ["2026-01-02", "2026-01-03"] }, "2026-01-01", "2026-01-05", ["2026-01-03"]],

    ["first seen: nothing before the next tick", daily, undefined, "2026-01-05T12:00Z", []],
    ["first seen with a start date: neither", { ...daily, start: "2026-01-01" }, undefined, "2026-01-05T12:00Z", []],
    ["first seen with catchup and no start date: neither", { ...daily, catchup: true }, undefined, "2026-01-05T12:00Z", []],
    [
      "first seen with catchup: from its start date on",
      { ...daily, catchup: true, start: "2026-01-03T12:00Z" },
      undefined,
      "2026-01-05T12:00Z",
      ["2026-01-04", "2026-01-05"],
    ],
    [
      "first seen with data intervals: the latest complete one",
      { ...daily, dataInterval: true, start: "2026-01-01" },
      undefined,
      "2026-01-05T12:00Z",
      ["2026-01-04"],
    ],
    [
      "first seen with data intervals before the first is complete",
      { ...daily, dataInterval: true, start: "2026-01-01T06:00Z" },
      undefined,
      "2026-01-02T12:00Z",
      [],
    ],
    [
      "first seen with data intervals and catchup: all complete ones",
      { ...daily, dataInterval: true, catchup: true, start: "2026-01-01" },
      undefined,
      "2026-01-03T12:00Z",
      ["2026-01-01", "2026-01-02"],
    ],
    [
      "data intervals end with the one that starts at the end date",
      { ...daily, dataInterval: true, catchup: true, start: "2026-01-01", end: "2026-01-02" },
      undefined,
      "2026-01-09",
      ["2026-01-01", "2026-01-02"],
    ],
    ["once: when it is first seen", { once: true }, undefined, "2026-01-05", ["2026-01-05"]],
    ["once: not again", { once: true }, "2026-01-05", "2026-01-06", []],
    ["once with a start date: not before", { once: true, start: "2026-02-01" }, undefined, "2026-01-05", []],
    ["once with a start date that is over: now", { once: true, start: "2026-01-01" }, undefined, "2026-01-05", ["2026-01-01"]],
  ];
  for (const [name, when, since, now, logical] of table) {
    it(name, () => {
      const due = clockOf(when).due(since === undefined ? undefined : at(since), at(now));
      assert.deepEqual(
        due.ticks.map(tick => day(tick.logicalAt)),
        logical,
      );
      const again = clockOf(when).due(due.sinceAt, at(now));
      assert.deepEqual(again, { ticks: [], sinceAt: due.sinceAt }, "a second look finds nothing");
    });
  }

  it("gives the oldest first and no more than the limit", () => {
    const { ticks, sinceAt } = clockOf({ everyMs: MINUTE_MS, catchup: true }).due(0, DAY_MS, 3);
    assert.deepEqual([ticks.map(tick => tick.at), sinceAt], [[MINUTE_MS, 2 * MINUTE_MS, 3 * MINUTE_MS], 3 * MINUTE_MS]);
  });

  it("waits for the DAG's jitter, which is another one for each DAG", () => {
    const delays = ["a", "b", "c", "d"].map(id => {
      const clock = clockOf({ ...daily, jitterMs: HOUR_MS, id });
      const tick = clock.next(at("2026-01-01"))!;
      assert.deepEqual(clock.due(at("2026-01-01"), tick.dueAt - 1).ticks, []);
      assert.deepEqual(clock.due(at("2026-01-01"), tick.dueAt).ticks, [tick]);
      return tick.dueAt - tick.at;
    });
    assert.equal(new Set(delays).size, 4);
    for (const delay of delays) assert.ok(delay >= 0 && delay < HOUR_MS);
  });

  const anyWhen = fc.constantFrom<When>(
    { cron: "30 2 * * *", timezone: "Europe/Berlin" },
    { cron: "*/10 * * * *", jitterMs: 20 * MINUTE_MS },
    { cron: ["5 * * * *", "*/25 * * * *"], timezone: "America/New_York" },
    { cron: "*/10 1-3 * * *", timezone: "Australia/Lord_Howe", dataInterval: true },
    { everyMs: 7 * MINUTE_MS },
    { events: ["2026-03-29T00:30:00Z", "2026-03-28T20:00:00Z", "2026-03-29T01:00:00Z"] },
  );
  const from = at("2026-03-28T18:00Z");

  it("without catchup is the last of what catchup would give", () => {
    fc.assert(
      fc.property(anyWhen, fc.integer({ min: 0, max: DAY_MS }), fc.integer({ min: 0, max: DAY_MS / 4 }), (when, offset, span) => {
        const since = from + offset;
        const all = clockOf({ ...when, catchup: true }).due(since, since + span).ticks;
        assert.deepEqual(clockOf(when).due(since, since + span).ticks, all.slice(-1));
      }),
    );
  });

  /** Leaders in a row: each reads what the one before has kept, looks at its own moments, and may die between starting and keeping. */
  function rule(when: When, terms: readonly { looks: readonly number[]; dies: boolean }[]): string[] {
    const runs = new Set<string>();
    let kept: number | undefined = from;
    for (const { looks, dies } of terms) {
      const clock = clockOf(when);
      for (const [i, look] of looks.entries()) {
        const due = clock.due(kept, look);
        for (const tick of due.ticks) runs.add(tick.runId);
        if (!(dies && i === looks.length - 1)) kept = due.sinceAt;
      }
    }
    return [...runs].sort();
  }

  const span = DAY_MS / 2;
  const anyTerms = fc.array(
    fc.record({ looks: fc.array(fc.integer({ min: 0, max: span }), { minLength: 1, maxLength: 6 }), dies: fc.boolean() }),
    { maxLength: 5 },
  );

  it("any cut of the time line into leaders' terms gives the same set of runs", () => {
    fc.assert(
      fc.property(anyWhen, anyTerms, (when, terms) => {
        const looks = terms.flatMap(term => term.looks).sort((a, b) => a - b);
        const inOrder = terms.map(term => ({ ...term, looks: looks.splice(0, term.looks.length).map(look => from + look) }));
        const whole = [{ looks: [from + span], dies: false }];
        const catchup = { ...when, catchup: true };
        assert.deepEqual(rule(catchup, [...inOrder, ...whole]), rule(catchup, whole));
      }),
    );
  });

  it("leaders that look at every tick start every tick, with catchup or without", () => {
    fc.assert(
      fc.property(anyWhen, fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 5 }), fc.boolean(), (when, lengths, dies) => {
        const every = clockOf(when).nextTicks(100, from);
        const ticks = every.map(tick => tick.dueAt);
        const cuts = lengths.map(length => ({ looks: ticks.splice(0, length), dies })).filter(({ looks }) => looks.length > 0);
        const terms = [...cuts, { looks: ticks, dies: false }];
        const all = rule({ ...when, catchup: true }, terms);
        assert.deepEqual(all, every.map(tick => tick.runId).sort());
        assert.deepEqual(rule(when, terms), all);
      }),
      { numRuns: 40 },
    );
  });
});

describe("DagClock.between", () => {
  it("lists the ticks by logical date, both ends included", () => {
    const days = (when: When, from: string, until: string) =>
      clockOf(when)
        .between(at(from), at(until), 10)
        .map(tick => day(tick.logicalAt));
    assert.deepEqual(days({ cron: "0 0 * * *" }, "2026-01-01", "2026-01-03"), ["2026-01-01", "2026-01-02", "2026-01-03"]);
    assert.deepEqual(days({ cron: "0 0 * * *", dataInterval: true }, "2026-01-01", "2026-01-03"), [
      "2026-01-01",
      "2026-01-02",
      "2026-01-03",
    ]);
    assert.deepEqual(days({ cron: "0 0 * * *", start: "2026-01-03" }, "2026-01-01", "2026-01-04"), ["2026-01-03", "2026-01-04"]);
    assert.deepEqual(days({ everyMs: HOUR_MS }, "2026-01-01", "2026-01-02").length, 10, "no more than the limit");
  });
});

describe("scheduleProblem", () => {
  for (const right of ["* * * * *", "*/5 * * * * *", "0 0 1 1 *", "0 9 * * MON-FRI", "0 0 L * *", "0 0 15W * *", "0 0 * * 5#2"]) {
    it(`has nothing against '${right}'`, () => assert.equal(scheduleProblem(right, "UTC"), undefined));
  }
  for (const wrong of ["", "nonsense", "* * *", "61 * * * *", "* * * * 9"]) {
    it(`has something against '${wrong}'`, () => assert.ok(scheduleProblem(wrong, "UTC")));
  }
  it("has something against a zone that is none", () => assert.ok(scheduleProblem("* * * * *", "Mars/Base")));
});
