import assert from "node:assert/strict";
import fc from "fast-check";
import { DagSpec } from "#core/dag-spec.ts";
import { dueTicks, nextTick, scheduleProblem } from "#core/schedule.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const at = (text: string): number => Date.parse(text);
const iso = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : new Date(ms).toISOString());

interface When {
  cron?: string | string[];
  everyMs?: number;
  timezone?: string;
  start?: string;
  end?: string;
  catchup?: boolean;
}

function dagOf({ cron, everyMs, timezone, start, end, catchup }: When): DagSpec {
  const schedule = cron !== undefined ? { cron: [cron].flat() } : everyMs !== undefined ? { everyMs } : undefined;
  return DagSpec.parse({
    id: "x",
    tasks: [{ id: "a", operator: "empty" }],
    schedule,
    timezone,
    catchup,
    startAt: start === undefined ? undefined : at(start),
    endAt: end === undefined ? undefined : at(end),
  });
}

describe("nextTick", () => {
  const table: readonly (readonly [name: string, when: When, after: string, next: string | undefined])[] = [
    ["no schedule", {}, "2026-01-01T00:00:00Z", undefined],
    ["daily", { cron: "0 0 * * *" }, "2026-01-01T12:00:00Z", "2026-01-02T00:00:00.000Z"],
    ["a tick itself is not after itself", { cron: "0 0 * * *" }, "2026-01-01T00:00:00Z", "2026-01-02T00:00:00.000Z"],
    ["a millisecond before", { cron: "0 0 * * *" }, "2026-01-01T23:59:59.999Z", "2026-01-02T00:00:00.000Z"],
    ["with seconds", { cron: "*/20 * * * * *" }, "2026-01-01T00:00:05Z", "2026-01-01T00:00:20.000Z"],
    ["the earliest of several", { cron: ["0 8 * * *", "0 6 * * *"] }, "2026-01-01T00:00:00Z", "2026-01-01T06:00:00.000Z"],
    ["in a zone", { cron: "0 6 * * *", timezone: "Europe/Berlin" }, "2026-01-01T00:00:00Z", "2026-01-01T05:00:00.000Z"],
    ["in a zone in summer", { cron: "0 6 * * *", timezone: "Europe/Berlin" }, "2026-07-01T00:00:00Z", "2026-07-01T04:00:00.000Z"],
    [
      "an hour that is skipped: as soon as it is over",
      { cron: "30 2 * * *", timezone: "Europe/Berlin" },
      "2026-03-28T12:00:00Z",
      "2026-03-29T01:00:00.000Z",
    ],
    ["an interval counts from the epoch", { everyMs: 10 * MINUTE_MS }, "2026-01-01T00:03:00Z", "2026-01-01T00:10:00.000Z"],
    ["an interval's tick is not after itself", { everyMs: 10 * MINUTE_MS }, "2026-01-01T00:10:00Z", "2026-01-01T00:20:00.000Z"],
    [
      "not before the start",
      { cron: "0 0 * * *", start: "2026-02-01T06:00:00Z" },
      "2026-01-01T00:00:00Z",
      "2026-02-02T00:00:00.000Z",
    ],
    [
      "the start itself counts",
      { cron: "0 0 * * *", start: "2026-02-01T00:00:00Z" },
      "2026-01-01T00:00:00Z",
      "2026-02-01T00:00:00.000Z",
    ],
    [
      "the end itself counts",
      { cron: "0 0 * * *", end: "2026-01-02T00:00:00Z" },
      "2026-01-01T00:00:00Z",
      "2026-01-02T00:00:00.000Z",
    ],
    ["not after the end", { cron: "0 0 * * *", end: "2026-01-01T23:59:59Z" }, "2026-01-01T00:00:00Z", undefined],
    [
      "an interval's start and end",
      { everyMs: DAY_MS, start: "2026-02-01T00:00:00Z", end: "2026-02-01T00:00:00Z" },
      "2026-01-01T00:00:00Z",
      "2026-02-01T00:00:00.000Z",
    ],
    ["a day that never comes", { cron: "0 0 30 2 *" }, "2026-01-01T00:00:00Z", undefined],
  ];
  for (const [name, when, after, next] of table) it(name, () => assert.equal(iso(nextTick(dagOf(when), at(after))), next));

  it("skips no tick and repeats none, whatever lies between two looks", () => {
    const dag = dagOf({ cron: ["*/7 * * * *", "0 3 * * *"], timezone: "America/New_York" });
    const from = at("2026-03-08T04:00:00Z"); // clocks change at 07:00Z
    const all: number[] = [];
    for (let tick = nextTick(dag, from); tick !== undefined && tick < from + DAY_MS / 2; tick = nextTick(dag, tick))
      all.push(tick);
    assert.deepEqual(
      all,
      [...new Set(all)].sort((a, b) => a - b),
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: DAY_MS / 2 - 1 }), offset => {
        assert.equal(nextTick(dag, from + offset), all.find(tick => tick > from + offset) ?? nextTick(dag, all.at(-1)!));
      }),
    );
  });
});

describe("dueTicks", () => {
  const daily = { cron: "0 0 * * *" };
  const table: readonly (readonly [name: string, when: When, after: string, until: string, due: readonly string[]])[] = [
    ["nothing yet", daily, "2026-01-01T00:00:00Z", "2026-01-01T23:59:59Z", []],
    ["one", daily, "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", ["2026-01-02"]],
    ["missed ones: only the latest", daily, "2026-01-01T00:00:00Z", "2026-01-05T12:00:00Z", ["2026-01-05"]],
    [
      "missed ones with catchup: all",
      { ...daily, catchup: true },
      "2026-01-01T00:00:00Z",
      "2026-01-03T12:00:00Z",
      ["2026-01-02", "2026-01-03"],
    ],
    [
      "catchup from the start date",
      { ...daily, catchup: true, start: "2026-01-03T00:00:00Z" },
      "2026-01-01T00:00:00Z",
      "2026-01-04T00:00:00Z",
      ["2026-01-03", "2026-01-04"],
    ],
    [
      "latest before the end date",
      { ...daily, end: "2026-01-03T12:00:00Z" },
      "2026-01-01T00:00:00Z",
      "2026-01-09T00:00:00Z",
      ["2026-01-03"],
    ],
    [
      "latest, but the start is still to come",
      { ...daily, start: "2026-02-01T00:00:00Z" },
      "2026-01-01T00:00:00Z",
      "2026-01-09T00:00:00Z",
      [],
    ],
    ["an interval, latest only", { everyMs: DAY_MS }, "2026-01-01T00:00:00Z", "2026-01-05T12:00:00Z", ["2026-01-05"]],
    [
      "an interval with catchup",
      { everyMs: DAY_MS, catchup: true },
      "2026-01-01T12:00:00Z",
      "2026-01-03T00:00:00Z",
      ["2026-01-02", "2026-01-03"],
    ],
    ["the same instant twice", daily, "2026-01-02T00:00:00Z", "2026-01-02T00:00:00Z", []],
    ["no schedule", {}, "2026-01-01T00:00:00Z", "2026-01-05T00:00:00Z", []],
  ];
  for (const [name, when, after, until, due] of table) {
    it(name, () =>
      assert.deepEqual(
        dueTicks(dagOf(when), at(after), at(until)).map(tick => iso(tick)?.slice(0, 10)),
        due,
      ),
    );
  }

  it("gives the oldest first and no more than the limit", () => {
    const dag = dagOf({ everyMs: MINUTE_MS, catchup: true });
    assert.deepEqual(dueTicks(dag, 0, DAY_MS, 3), [MINUTE_MS, 2 * MINUTE_MS, 3 * MINUTE_MS]);
  });

  it("without catchup is the last of what catchup would give", () => {
    const anyWhen = fc.constantFrom<When>(
      { cron: "30 2 * * *", timezone: "Europe/Berlin" },
      { cron: "*/10 * * * *" },
      { cron: ["5 * * * *", "*/25 * * * *"], timezone: "Europe/Berlin" },
      { everyMs: 7 * MINUTE_MS },
    );
    fc.assert(
      fc.property(anyWhen, fc.integer({ min: 0, max: DAY_MS }), fc.integer({ min: 0, max: DAY_MS / 4 }), (when, offset, span) => {
        const after = at("2026-03-28T18:00:00Z") + offset;
        const all = dueTicks(dagOf({ ...when, catchup: true }), after, after + span);
        assert.deepEqual(dueTicks(dagOf(when), after, after + span), all.slice(-1));
      }),
    );
  });

  it("splits a span without losing or doubling a tick", () => {
    const dag = dagOf({ cron: "*/3 * * * *", catchup: true });
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: DAY_MS / 12 }), { maxLength: 8 }), cuts => {
        const looks = [0, ...cuts, DAY_MS / 12].sort((a, b) => a - b);
        const pieces = looks.slice(1).flatMap((until, index) => dueTicks(dag, looks[index]!, until));
        assert.deepEqual(pieces, dueTicks(dag, 0, DAY_MS / 12));
      }),
    );
  });
});

describe("scheduleProblem", () => {
  for (const right of ["* * * * *", "*/5 * * * * *", "0 0 1 1 *", "0 9 * * MON-FRI", "0 0 L * *"]) {
    it(`has nothing against '${right}'`, () => assert.equal(scheduleProblem(right, "UTC"), undefined));
  }
  for (const wrong of ["", "nonsense", "* * *", "61 * * * *", "* * * * 9"]) {
    it(`has something against '${wrong}'`, () => assert.ok(scheduleProblem(wrong, "UTC")));
  }
  it("has something against a zone that is none", () => assert.ok(scheduleProblem("* * * * *", "Mars/Base")));
});
