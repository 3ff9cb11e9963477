import assert from "node:assert/strict";
import type { PendingAct } from "#core/act.ts";
import type { Run, RunHeader, TaskRun } from "#core/run.ts";
import type { InboxEntry } from "#state/inbox-entry.ts";
import { LeaderScene, runOf, taskIn } from "./leader-scene.ts";

const RUN = "etl~1";

const headerOf = (runId: string, version = "v1"): RunHeader => ({
  id: runId,
  dagId: "etl",
  version,
  trigger: { kind: "manual" },
  conf: {},
  createdAt: 1,
});
const created = (runId = RUN, version?: string): InboxEntry => ({
  type: "created",
  runId,
  at: 1,
  header: headerOf(runId, version),
});
const ended = (taskId: string, task: TaskRun): InboxEntry => ({ type: "ended", runId: RUN, at: 2, taskId, task });
const cancel: InboxEntry = { type: "cancel", runId: RUN, at: 2 };

describe("followInbox", () => {
  /** A leader that knows a run whose first task is running. */
  const underWay = async (): Promise<LeaderScene> => {
    const run = runOf(RUN, "running", 1, { load: taskIn("running") });
    const scene = new LeaderScene([run]);
    await scene.runs.remember(run);
    return scene;
  };

  it("admits a run that was created, once", async () => {
    const scene = new LeaderScene([]);
    await scene.digest(
      () => [created(), created()],
      () => [created()],
    );
    assert.deepEqual([scene.committed(), scene.added], [[`${RUN} running`], [`${RUN}~load~1`]]);
  });

  it("admits of the runs created in one batch as many as may be active", async () => {
    const scene = new LeaderScene([]);
    await scene.digest(() => [created("etl~1"), created("etl~2")]);
    assert.deepEqual([scene.committed(), scene.runs.ids()], [["etl~1 running"], ["etl~1", "etl~2"]]);
  });

  it("leaves a run alone whose version nobody knows", async () => {
    const scene = new LeaderScene([]);
    await scene.digest(() => [created("etl~1", "v0"), created("etl~2")]);
    assert.deepEqual(scene.committed(), ["etl~2 running"]);
  });

  it("folds a batch into one commit a run", async () => {
    const scene = await underWay();
    await scene.digest(() => [ended("load", taskIn("success")), ended("report", taskIn("success"))]);
    assert.deepEqual([scene.committed(), scene.added], [[`${RUN} success`], []]);
  });

  it("makes nothing of news about a run it does not know", async () => {
    const scene = new LeaderScene([]);
    await scene.digest(() => [ended("load", taskIn("success")), cancel]);
    assert.deepEqual(scene.committed(), []);
  });

  it("reads a run again that goes on because a person pressed Retry", async () => {
    const after = runOf(RUN, "failed", 1, { load: taskIn("running"), report: { ...taskIn("upstream_failed"), gen: 0, try: 0 } });
    const scene = new LeaderScene([after]);
    await scene.digest(() => [{ type: "reopened", runId: RUN, at: 3, taskId: "load", task: taskIn("running") }]);
    assert.equal(scene.runs.get(RUN)?.run.state, "running");
    assert.equal(scene.runs.get(RUN)?.run.tasks.get("report")?.state, "none");
  });

  const cancels: readonly (readonly [what: string, entries: readonly InboxEntry[]])[] = [
    ["before a task ended by it", [cancel, ended("load", taskIn("cancelled"))]],
    ["after a task ended by it", [ended("load", taskIn("cancelled")), cancel]],
    ["never, because the message was lost", [ended("load", taskIn("cancelled"))]],
  ];
  for (const [what, entries] of cancels) {
    it(`ends a cancelled run as cancelled when it hears of the cancel ${what}`, async () => {
      const scene = await underWay();
      scene.stored = [{ ...runOf(RUN, "running", 1, { load: taskIn("cancelled") }), cancelAt: 2 }];
      await scene.digest(() => [...entries]);
      const last = scene.commits.at(-1)!;
      assert.deepEqual([last.run.state, last.run.tasks.get("report")?.state], ["cancelled", "cancelled"]);
      assert.equal(scene.committed().filter(state => state.endsWith("failed")).length, 0);
    });
  }

  const CLEAR: PendingAct = { id: "a", at: 3, by: "ann", act: { type: "clear", tasks: ["load"] } };
  const asked = (run: Run, ...acts: PendingAct[]): Run => ({ ...run, acts: new Map(acts.map(act => [act.id, act])) });
  const act: InboxEntry = { type: "act", runId: RUN, at: 3 };

  it("reads a run again of which somebody wants something, and does it with one commit", async () => {
    const scene = new LeaderScene([
      asked(runOf(RUN, "failed", 1, { load: taskIn("failed"), report: taskIn("upstream_failed") }), CLEAR),
    ]);
    await scene.digest(() => [act, act]);
    const [commit] = scene.commits;
    assert.deepEqual(commit!.acts, [{ id: "a" }]);
    assert.deepEqual(
      commit!.changes.map(({ taskId, task }) => `${taskId} ${task.state} ${task.gen}`),
      ["load queued 2", "report none 1"],
    );
  });

  it("tells the worker of a task that has to let go first, and keeps the rest of the act", async () => {
    const scene = await underWay();
    scene.stored = [asked(runOf(RUN, "running", 1, { load: taskIn("running") }), CLEAR)];
    await scene.digest(() => [act]);
    const [commit] = scene.commits;
    assert.deepEqual([commit!.acts, commit!.changes], [[{ id: "a", rest: CLEAR }], []]);
    assert.deepEqual(
      commit!.stops?.map(({ taskId, gen }) => `${taskId} ${gen}`),
      ["load 1"],
    );
    await scene.digest(() => [ended("load", { ...taskIn("cancelled"), endedAt: 4 })]);
    const last = scene.commits.at(-1)!;
    assert.deepEqual(
      [last.acts, last.run.tasks.get("load")?.state, last.run.tasks.get("load")?.gen],
      [[{ id: "a" }], "queued", 2],
    );
  });

  it("takes a cancel back when somebody clears the run", async () => {
    const run = { ...runOf(RUN, "cancelled", 1, { load: taskIn("cancelled"), report: taskIn("cancelled") }), cancelAt: 2 };
    const scene = new LeaderScene([asked(run, CLEAR)]);
    await scene.digest(() => [act]);
    const [commit] = scene.commits;
    assert.deepEqual([commit!.uncancelled, commit!.run.state, commit!.run.cancelAt], [true, "running", undefined]);
  });

  it("carries on after the store could not be asked", async () => {
    const scene = new LeaderScene([]);
    await scene.digest(
      () => {
        throw new Error("Redis is away");
      },
      () => [created()],
    );
    assert.deepEqual(scene.committed(), [`${RUN} running`]);
  });
});
