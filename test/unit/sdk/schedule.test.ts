import assert from "node:assert/strict";
import { asset, type DagOptions, dag, timetable } from "windlass";
import type { Schedule } from "#core/dag-spec.ts";
import { DagError } from "#sdk/problem.ts";
import { timetableOf } from "#sdk/timetable.ts";

const specOf = (options: DagOptions) => dag("x", options, d => void d.empty("a"));
const at = (text: string): number => Date.parse(text);

const own = timetable("bank-days", { next: after => new Date(after.getTime() + 1) });
const orders = asset("s3://orders");

describe("option schedule", () => {
  const table: readonly (readonly [what: string, schedule: DagOptions["schedule"], expected: Schedule | undefined])[] = [
    ["none", undefined, undefined],
    ["cron", "0 6 * * *", { cron: ["0 6 * * *"] }],
    ["several crons", ["0 6 * * *", "@daily"], { cron: ["0 6 * * *", "0 0 * * *"] }],
    ["a preset", "@hourly", { cron: ["0 * * * *"] }],
    ["once", "@once", { once: true }],
    ["an interval", { every: "90s" }, { everyMs: 90_000 }],
    [
      "listed instants, in the DAG's zone and in order",
      { at: ["2026-02-01T06:30", new Date("2026-01-01T00:00Z")] },
      { at: [at("2026-01-01T00:00Z"), at("2026-02-01T05:30Z")] },
    ],
    ["an asset", orders, { assets: "s3://orders" }],
    ["a list of assets: all of them", [orders, asset("s3://b")], { assets: { all: ["s3://orders", "s3://b"] } }],
    [
      "a condition on assets",
      asset.all(orders, asset.any("s3://eu", "s3://us")),
      { assets: { all: ["s3://orders", { any: ["s3://eu", "s3://us"] }] } },
    ],
    ["assets or time", { assets: orders, cron: "@daily" }, { assets: "s3://orders", cron: ["0 0 * * *"] }],
    ["assets by name", { assets: ["s3://orders", "s3://b"] }, { assets: { all: ["s3://orders", "s3://b"] } }],
    ["a timetable", own, { timetable: "bank-days" }],
  ];
  for (const [what, schedule, expected] of table) {
    it(`takes ${what}`, () => assert.deepEqual(specOf({ schedule, timezone: "Europe/Berlin" }).schedule, expected));
  }

  it("keeps the code of a timetable beside the spec, not in it", () => {
    const spec = specOf({ schedule: own });
    assert.equal(timetableOf(spec), own);
    assert.equal(JSON.stringify(spec).includes("next"), false);
    assert.equal(timetableOf(specOf({})), undefined);
  });

  it("goes with data intervals and jitter", () => {
    const { dataInterval, jitterMs } = specOf({ schedule: "@daily", dataInterval: true, jitter: "5m" });
    assert.deepEqual([dataInterval, jitterMs], [true, 300_000]);
  });

  const wrong: readonly (readonly [what: string, schedule: unknown, message: RegExp])[] = [
    ["a preset that is none", "@sometimes", /'@sometimes' is no preset; use one of @once, @hourly/],
    ["once among others", ["@once", "@daily"], /@once stands alone/],
    ["cron that is none", "61 * * * *", /'61 \* \* \* \*' is no cron expression/],
    ["a day that never comes", "0 0 30 2 *", /never comes/],
    ["too short an interval", { every: "10ms" }, /the shortest interval is 1s/],
    ["an instant that is none", { at: ["soon"] }, /option schedule.at: 'soon' is no date/],
    ["no instants", { at: [] }, /schedule/],
    ["a number", 5, /option schedule: expected a cron expression/],
    ["cron beside assets that is none", { assets: orders, cron: "nonsense" }, /'nonsense' has 1 field/],
    ["an asset's name that is none", { assets: "two words" }, /schedule/],
  ];
  for (const [what, schedule, message] of wrong) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => specOf({ schedule } as DagOptions),
        (error: unknown) => error instanceof DagError && message.test(error.message),
      );
    });
  }
});

describe("asset() and timetable()", () => {
  const wrong: readonly (readonly [what: string, act: () => unknown, message: RegExp])[] = [
    ["an empty name", () => asset(""), /'' is no name of an asset/],
    ["a name with spaces", () => asset("two words"), /'two words' is no name/],
    ["a part that is no name", () => asset.all("a", "two words"), /'two words' is no name/],
    ["a condition without parts", () => asset.any(), /asset\.any\(\) needs at least one asset/],
    ["a timetable without a name", () => timetable("", { next: () => undefined }), /needs a name/],
    // @ts-expect-error: a rule has next
    ["a timetable without next", () => timetable("own", {}), /needs a function next/],
  ];
  for (const [what, act, message] of wrong) {
    it(`refuses ${what}, and says where`, () => {
      assert.throws(act, (error: unknown) => {
        assert.ok(error instanceof DagError && message.test(error.message));
        assert.match(error.place.file ?? "", /schedule\.test\.ts$/);
        return true;
      });
    });
  }

  it("gives an asset its name", () => assert.equal(orders.name, "s3://orders"));
});
