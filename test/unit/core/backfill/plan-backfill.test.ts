import assert from "node:assert/strict";
import fc from "fast-check";
import { actionFor, BACKFILL_STATES, type BackfillAction, REPROCESS, type Reprocess } from "#core/backfill/backfill.ts";
import { isFilled, nextBackfillRuns, planBackfill, ticksToFill } from "#core/backfill/plan-backfill.ts";
import type { RunState } from "#core/run.ts";
import { at, clockOf, iso } from "../schedule/clock-of.ts";

const STATES: readonly (RunState | undefined)[] = [undefined, "queued", "running", "success", "failed", "cancelled"];

describe("actionFor", () => {
  const table: Readonly<Record<Reprocess, readonly BackfillAction[]>> = {
    none: ["create", "leave", "leave", "leave", "leave", "leave"],
    failed: ["create", "leave", "leave", "leave", "clearFailed", "clearFailed"],
    all: ["create", "leave", "leave", "clearAll", "clearAll", "clearAll"],
  };
  for (const reprocess of REPROCESS) {
    for (const [i, state] of STATES.entries()) {
      it(`reprocess ${reprocess}, run ${state ?? "missing"}: ${table[reprocess][i]}`, () =>
        assert.equal(actionFor(reprocess, state), table[reprocess][i]));
    }
  }
});

describe("ticksToFill", () => {
  const daily = clockOf({ cron: "0 0 * * *" });
  const range = { fromAt: at("2026-01-02"), untilAt: at("2026-01-04") };
  const days = (order: "oldest" | "newest", now: string) =>
    ticksToFill(daily, { ...range, order }, at(now)).map(tick => iso(tick.logicalAt)!.slice(8, 10));

  it("gives the ticks of the range, oldest first", () => assert.deepEqual(days("oldest", "2026-02-01"), ["02", "03", "04"]));
  it("or newest first", () => assert.deepEqual(days("newest", "2026-02-01"), ["04", "03", "02"]));
  it("leaves out what is still to come", () => assert.deepEqual(days("newest", "2026-01-03T12:00Z"), ["03", "02"]));
});

describe("planBackfill", () => {
  it("says for each tick what would be done", () => {
    const ticks = clockOf({ cron: "0 0 * * *" }).nextTicks(3, at("2026-01-01"));
    const states = new Map<string, RunState>([
      [ticks[0]!.runId, "failed"],
      [ticks[1]!.runId, "running"],
    ]);
    assert.deepEqual(
      planBackfill(ticks, "failed", runId => states.get(runId)).map(({ action, state }) => [action, state]),
      [
        ["clearFailed", "failed"],
        ["leave", "running"],
        ["create", undefined],
      ],
    );
  });
});

describe("nextBackfillRuns", () => {
  it("carries out every tick once, with no more than so many at a time, however the runs end", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 1, max: 5 }),
        fc.infiniteStream(fc.record({ paused: fc.boolean(), ends: fc.nat({ max: 4 }), left: fc.boolean() })),
        (total, maxActiveRuns, moments) => {
          const seen: number[] = [];
          let cursor = 0;
          let active: string[] = [];
          for (const { paused, ends, left } of moments) {
            active = active.slice(ends);
            const { from, to } = nextBackfillRuns({ state: paused ? "paused" : "running", cursor, active }, maxActiveRuns, total);
            assert.equal(from, cursor);
            if (paused) assert.equal(to, from);
            for (let i = from; i < to; i++) {
              seen.push(i);
              if (!left) active.push(`run-${i}`);
            }
            cursor = to;
            assert.ok(active.length <= maxActiveRuns);
            if (isFilled({ cursor, active }, total)) break;
          }
          assert.deepEqual(
            seen,
            Array.from({ length: total }, (_, i) => i),
          );
        },
      ),
    );
  });

  for (const state of BACKFILL_STATES.filter(state => state !== "running")) {
    it(`carries out nothing while it is ${state}`, () =>
      assert.deepEqual(nextBackfillRuns({ state, cursor: 1, active: [] }, 5, 9), { from: 1, to: 1 }));
  }
});
