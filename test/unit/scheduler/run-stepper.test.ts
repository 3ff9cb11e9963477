import assert from "node:assert/strict";
import { LeaderScene, runOf, taskIn } from "./leader-scene.ts";

/** A run under way that a task of another one has started. */
const child = { ...runOf("etl~child", "running", 2, { load: taskIn("success"), report: taskIn("running") }) };
const startedBy = (taskId: string) => ({
  ...child,
  trigger: { kind: "trigger" as const, parent: { runId: "etl~parent", taskId } },
});

describe("the end of a run", () => {
  const table: readonly (readonly [what: string, parent: Parameters<typeof taskIn>[0], promoted: string[]])[] = [
    ["wakes the task that waits for it", "deferred", ["etl~parent~load~1"]],
    ["leaves a task alone that looks right now", "running", []],
    ["leaves a task alone that did not wait", "success", []],
  ];
  for (const [what, state, promoted] of table) {
    it(what, async () => {
      const parent = runOf("etl~parent", "running", 1, { load: taskIn(state), report: taskIn("running") });
      const scene = new LeaderScene([parent, startedBy("load")]);
      scene.jobs.set("etl~parent~load~1", "delayed").set("etl~parent~report~1", "active").set("etl~child~report~1", "active");
      await scene.reconcile({ all: true });
      await scene.digest(() => [{ type: "ended", runId: "etl~child", at: 9, taskId: "report", task: taskIn("success") }]);
      assert.ok(scene.committed().includes("etl~child success"));
      assert.deepEqual(scene.promoted, promoted);
    });
  }
});
