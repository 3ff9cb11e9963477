import assert from "node:assert/strict";
import { type Readiness, readiness, TALLIED } from "#core/readiness.ts";
import type { UpstreamTally } from "#core/tally.ts";
import { TriggerRule } from "#core/trigger-rule.ts";
import { EAGER, type End, HOLDS } from "../../support/core/airflow-rules.ts";

const ENDS: readonly End[] = ["success", "failed", "upstream_failed", "skipped"];

function* listsOf(states: readonly (End | "none")[], length: number): Iterable<(End | "none")[]> {
  if (length === 0) return yield [];
  for (const first of states) for (const rest of listsOf(states, length - 1)) yield [first, ...rest];
}

const all = <T>(items: Iterable<T>): T[] => [...items];
const completions = (ups: readonly (End | "none")[]): End[][] =>
  ups.reduce<End[][]>((lists, up) => lists.flatMap(list => (up === "none" ? ENDS : [up]).map(end => [...list, end])), [[]]);

function tallyOf(ups: readonly (End | "none")[]): UpstreamTally {
  const tally = { total: ups.length, success: 0, failed: 0, upstreamFailed: 0, skipped: 0 };
  for (const up of ups) if (TALLIED[up] !== undefined) tally[TALLIED[up]]++;
  return tally;
}

describe("trigger rules", () => {
  for (const rule of TriggerRule.options) {
    it(`${rule}: say of every mix of up to four upstreams what Airflow says, and say never as soon as it is never`, () => {
      for (const ups of [1, 2, 3, 4].flatMap(length => all(listsOf(["none", ...ENDS], length)))) {
        const said = readiness(rule, tallyOf(ups));
        const holds = completions(ups).map(HOLDS[rule]);
        const about = `${rule} of ${ups.join(", ")}: ${said}`;
        const isDone = !ups.includes("none");
        if (said === "ready") assert.ok(holds.every(Boolean) && (isDone || EAGER.has(rule)), about);
        else if (said === "wait") assert.ok(!isDone && holds.some(Boolean), about);
        else assert.ok(!holds.some(Boolean), about);
        if (EAGER.has(rule) && holds.every(Boolean)) assert.equal(said, "ready", about);
      }
    });
  }

  const REASONS: readonly [TriggerRule, (End | "none")[], Readiness][] = [
    ["all_success", ["failed", "none"], "upstream_failed"],
    ["all_success", ["skipped", "none"], "skipped"],
    ["all_success", ["skipped", "upstream_failed"], "upstream_failed"],
    ["all_failed", ["success", "none"], "skipped"],
    ["all_failed", ["skipped"], "skipped"],
    ["all_done_min_one_success", ["failed", "skipped"], "upstream_failed"],
    ["all_done_min_one_success", ["skipped", "skipped"], "skipped"],
    ["all_skipped", ["failed"], "skipped"],
    ["one_failed", ["success", "skipped"], "skipped"],
    ["one_success", ["failed", "skipped"], "upstream_failed"],
    ["one_success", ["skipped", "skipped"], "skipped"],
    ["one_done", ["upstream_failed", "skipped"], "skipped"],
    ["none_failed", ["upstream_failed", "none"], "upstream_failed"],
    ["none_failed_min_one_success", ["skipped", "skipped"], "skipped"],
    ["none_failed_min_one_success", ["failed", "none"], "upstream_failed"],
    ["none_skipped", ["skipped", "none"], "skipped"],
  ];
  for (const [rule, ups, reason] of REASONS) {
    it(`${rule} of ${ups.join(", ")} ends as ${reason}`, () => assert.equal(readiness(rule, tallyOf(ups)), reason));
  }

  it("are all fine with a task that nothing comes before", () => {
    for (const rule of TriggerRule.options) assert.equal(readiness(rule, tallyOf([])), "ready");
  });
});
