import assert from "node:assert/strict";
import { type Readiness, readiness } from "#core/readiness.ts";
import { isFinal, TASK_STATES, type TaskState } from "#core/run.ts";
import { TaskSpec } from "#core/task-spec.ts";
import type { TriggerRule } from "#core/trigger-rule.ts";

const verdict = (rule: TriggerRule, states: readonly TaskState[]): Readiness => {
  const upstream = states.map((_, index) => `up${index}`);
  const task = TaskSpec.parse({ id: "x", operator: "noop", triggerRule: rule, upstream });
  return readiness(task, id => states[upstream.indexOf(id)]!);
};

describe("readiness", () => {
  const table: readonly (readonly [rule: TriggerRule, upstreams: string, verdict: Readiness])[] = [
    ["all_success", "", "ready"],
    ["all_success", "success", "ready"],
    ["all_success", "success success", "ready"],
    ["all_success", "success running", "wait"],
    ["all_success", "failed running", "upstream_failed"],
    ["all_success", "failed success", "upstream_failed"],
    ["all_success", "upstream_failed", "upstream_failed"],
    ["all_success", "cancelled", "upstream_failed"],
    ["all_success", "skipped success", "skipped"],
    ["all_success", "skipped failed", "upstream_failed"],
    ["all_done", "", "ready"],
    ["all_done", "success failed skipped cancelled upstream_failed", "ready"],
    ["all_done", "failed running", "wait"],
    ["all_done", "none", "wait"],
  ];
  for (const [rule, upstreams, expected] of table) {
    it(`${rule}: ${upstreams || "no upstream"} → ${expected}`, () => {
      assert.equal(verdict(rule, upstreams.split(" ").filter(word => word !== "") as TaskState[]), expected);
    });
  }

  it("never lets a task start beside an upstream that may still move", () => {
    for (const state of TASK_STATES.filter(state => !isFinal(state))) {
      for (const rule of ["all_success", "all_done"] as const)
        assert.equal(verdict(rule, ["success", state]), "wait", `${rule} beside ${state}`);
    }
  });
});
