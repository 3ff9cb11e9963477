import assert from "node:assert/strict";
import { DagSpec } from "#core/dag-spec.ts";
import { newRun, type Run, type RunState } from "#core/run.ts";
import { LiveRuns } from "../../../services/scheduler/live-runs.ts";

/** A version is "<dag>/<maxActiveRuns>" here. */
const specOf = async (version: string): Promise<DagSpec | undefined> => {
  const [id, maxActiveRuns] = version.split("/");
  return id === "unknown"
    ? undefined
    : DagSpec.parse({ id, maxActiveRuns: Number(maxActiveRuns), tasks: [{ id: "only", operator: "noop" }] });
};

const runOf = (id: string, state: RunState, createdAt: number, version = "etl/2"): Run => ({
  ...newRun({ id, dagId: version.split("/")[0]!, version, trigger: { kind: "manual" }, conf: {}, createdAt }),
  state,
});

describe("LiveRuns", () => {
  describe("nextAdmissible", () => {
    const table: readonly (readonly [what: string, runs: readonly Run[], next: string | undefined])[] = [
      ["nothing of a DAG without runs", [], undefined],
      ["the only one", [runOf("a", "queued", 1)], "a"],
      [
        "the oldest, in whatever order they came",
        [runOf("b", "queued", 2), runOf("a", "queued", 1), runOf("c", "queued", 3)],
        "a",
      ],
      ["one beside a running one below the limit", [runOf("a", "running", 1), runOf("b", "queued", 2)], "b"],
      ["nothing at the limit", [runOf("c", "queued", 3), runOf("a", "running", 1), runOf("b", "running", 2)], undefined],
      [
        "nothing above the limit, which may have been lowered",
        [runOf("a", "running", 1), runOf("b", "running", 2), runOf("c", "queued", 3, "etl/1")],
        undefined,
      ],
      [
        "by the limit of the waiting run's own version",
        [runOf("a", "running", 1, "etl/1"), runOf("b", "queued", 2, "etl/2")],
        "b",
      ],
      ["without regard to other DAGs", [runOf("x", "running", 1, "other/1"), runOf("a", "queued", 2, "etl/1")], "a"],
      ["nothing when all run", [runOf("a", "running", 1)], undefined],
    ];
    for (const [what, known, next] of table) {
      it(`admits ${what}`, async () => {
        const runs = new LiveRuns(specOf);
        for (const run of known) await runs.remember(run);
        assert.equal(runs.nextAdmissible("etl")?.run.id, next);
      });
    }

    it("admits the next one when a run ends or is forgotten", async () => {
      const runs = new LiveRuns(specOf);
      const [a, b] = [await runs.remember(runOf("a", "running", 1)), await runs.remember(runOf("b", "running", 2))];
      await runs.remember(runOf("c", "queued", 3));
      assert.equal(runs.nextAdmissible("etl"), undefined);
      runs.update({ ...a!, run: { ...a!.run, state: "success" } });
      assert.equal(runs.nextAdmissible("etl")?.run.id, "c");
      await runs.remember(runOf("a", "running", 1));
      assert.equal(runs.nextAdmissible("etl"), undefined);
      runs.forget(b!.run.id);
      assert.equal(runs.nextAdmissible("etl")?.run.id, "c");
    });
  });

  it("does not remember a run whose version nobody knows", async () => {
    const runs = new LiveRuns(specOf);
    assert.equal(await runs.remember(runOf("a", "queued", 1, "unknown/1")), undefined);
    assert.deepEqual([runs.size, runs.ids(), runs.get("a")], [0, [], undefined]);
  });

  it("counts limits for a run that has ended and is about to be reopened by an act", async () => {
    const spec = DagSpec.parse({ id: "etl", maxActiveTasks: 1, tasks: [{ id: "only", operator: "noop" }] });
    const runs = new LiveRuns(async () => spec);
    const task = { gen: 1, try: 1, infra: 0, epoch: 1 };
    const holder: Run = { ...runOf("a", "running", 1), tasks: new Map([["only", { ...task, state: "running" }]]) };
    const failed: Run = { ...runOf("b", "failed", 2), tasks: new Map([["only", { ...task, state: "failed" }]]) };
    const acts = new Map([["x", { id: "x", at: 3, by: "ann", act: { type: "clear" as const, tasks: ["only"] } }]]);
    await runs.remember(holder);
    await runs.remember({ ...failed, acts });
    assert.equal(runs.admission.admit(failed, "only", spec.tasks[0]!, 3), false);
  });

  it("forgets a run that has ended, and knows it again when it goes on", async () => {
    const runs = new LiveRuns(specOf);
    const live = (await runs.remember(runOf("a", "running", 1)))!;
    runs.update({ ...live, run: { ...live.run, state: "failed" } });
    assert.deepEqual(runs.ids(), []);
    runs.update(live);
    assert.deepEqual([runs.ids(), runs.get("a")], [["a"], live]);
  });

  it("reads a version once for as long as a live run uses it", async () => {
    const read: string[] = [];
    const runs = new LiveRuns(version => {
      read.push(version);
      return specOf(version);
    });
    await runs.remember(runOf("a", "running", 1));
    await runs.remember(runOf("b", "running", 2));
    await runs.remember(runOf("x", "running", 3, "other/1"));
    runs.forget("x");
    runs.prune();
    await runs.remember(runOf("c", "running", 4));
    await runs.remember(runOf("y", "running", 5, "other/1"));
    assert.deepEqual(read, ["etl/2", "other/1", "other/1"]);
  });
});
