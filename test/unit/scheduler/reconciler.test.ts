import assert from "node:assert/strict";
import type { PendingAct } from "#core/act.ts";
import { LeaderScene, orderOf, runOf, taskIn } from "./leader-scene.ts";

const running = { load: taskIn("running") };

describe("Reconciler", () => {
  it("of a new leader admits no run before it knows how many are active", async () => {
    const scene = new LeaderScene([runOf("etl~2", "queued", 2), runOf("etl~1", "running", 1, running)]);
    scene.jobs.set("etl~1~load~1", "active");
    await scene.reconcile({ all: true });
    assert.deepEqual([scene.committed(), scene.runs.get("etl~2")?.run.state], [[], "queued"]);
  });

  it("admits none in the place of a run that ends while others are unknown", async () => {
    const scene = new LeaderScene([
      runOf("etl~1", "running", 1, { load: taskIn("success"), report: taskIn("success") }),
      runOf("etl~3", "queued", 3),
      runOf("etl~2", "running", 2, running),
    ]);
    scene.jobs.set("etl~2~load~1", "active");
    await scene.reconcile({ all: true });
    assert.deepEqual(scene.committed(), ["etl~1 success"]);
  });

  it("admits the oldest run first", async () => {
    const scene = new LeaderScene([runOf("etl~3", "queued", 3), runOf("etl~1", "queued", 1), runOf("etl~2", "queued", 2)]);
    await scene.reconcile({ all: true });
    assert.deepEqual(scene.committed(), ["etl~1 running"]);
  });

  it("keeps a run that was created while it asked for the live ones", async () => {
    const scene = new LeaderScene([]);
    scene.meanwhile = () => scene.runs.remember(runOf("etl~1", "running", 1, running));
    await scene.reconcile();
    assert.deepEqual(scene.runs.ids(), ["etl~1"]);
  });

  it("does what somebody wanted of a run while no leader was there, and of one whose message was lost", async () => {
    const act: PendingAct = { id: "a", at: 3, by: "ann", act: { type: "clear", tasks: ["load"] } };
    const asked = { ...runOf("etl~1", "running", 1, running), acts: new Map([["a", act]]) };
    for (const all of [true, false]) {
      const scene = new LeaderScene([asked]);
      scene.jobs.set("etl~1~load~1", "active");
      if (!all) await scene.runs.remember(runOf("etl~1", "running", 1, running));
      await scene.reconcile({ all });
      assert.deepEqual(
        scene.commits.map(({ acts, stops }) => [acts, stops?.map(({ taskId }) => taskId)]),
        [[[{ id: "a", rest: act }], ["load"]]],
      );
    }
  });

  it("forgets a run that has ended without its knowledge", async () => {
    const scene = new LeaderScene([]);
    await scene.runs.remember(runOf("etl~1", "running", 1));
    await scene.reconcile();
    assert.deepEqual(scene.runs.ids(), []);
  });

  it("does what follows from a task that has ended without its knowledge", async () => {
    const scene = new LeaderScene([runOf("etl~1", "running", 1, { load: taskIn("success") })]);
    await scene.runs.remember(runOf("etl~1", "running", 1, running));
    await scene.reconcile();
    assert.deepEqual(scene.added, ["etl~1~report~1"]);
  });

  it("replaces a job that is missing in two passes, not in one", async () => {
    const scene = new LeaderScene([runOf("etl~1", "running", 1, running)]);
    await scene.reconcile({ all: true });
    assert.deepEqual(scene.added, []);
    await scene.reconcile();
    assert.deepEqual(scene.added, ["etl~1~load~2"]);
  });

  it("leaves a job alone that was missing for a moment", async () => {
    const scene = new LeaderScene([runOf("etl~1", "running", 1, running)]);
    await scene.reconcile({ all: true });
    scene.jobs.set("etl~1~load~1", "active");
    await scene.reconcile();
    scene.jobs.delete("etl~1~load~1");
    await scene.reconcile();
    assert.deepEqual(scene.added, []);
  });

  it("sends an order again that stays unacknowledged for two passes, a new leader at once", async () => {
    const order = orderOf("etl~1");
    const left = [{ jobId: order.jobId, json: JSON.stringify(order) }];
    const scene = new LeaderScene([]);
    scene.outbox = left;
    await scene.reconcile();
    assert.deepEqual([scene.added, scene.outbox], [[], left]);
    await scene.reconcile();
    assert.deepEqual([scene.added, scene.outbox], [[order.jobId], []]);
    const newLeader = new LeaderScene([]);
    newLeader.outbox = left;
    await newLeader.reconcile({ all: true });
    assert.deepEqual([newLeader.added, newLeader.outbox], [[order.jobId], []]);
  });
});
