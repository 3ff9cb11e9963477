import assert from "node:assert/strict";
import { DagSpec } from "#core/dag-spec.ts";
import { contentHash } from "#core/hash.ts";
import { keysOf } from "#state/keys.ts";
import { shell } from "../../support/fleet.ts";
import { sharedFleet } from "../../support/shared-fleet.ts";
import { until } from "../../support/until.ts";

describe("an archived run", () => {
  const shared = sharedFleet(async fleet => {
    await fleet.scheduler({ WINDLASS_ARCHIVE_AFTER_MS: "0", WINDLASS_RETENTION_RUNS: "3" });
    await fleet.worker();
  });
  const archived = (run: string) =>
    until(() => shared.fleet.redis.hexists(keysOf(shared.fleet.prefix).run(run), "archive"), { what: `the archive of ${run}` });

  it("is cleared like any other: laid out again, run to its end, and archived again", async () => {
    const { fleet } = shared;
    const run = await fleet.start({
      id: "old",
      tasks: [shell("flaky", '[ "$WINDLASS_TRY" = 2 ]'), shell("next", "true", { upstream: ["flaky"] })],
    });
    await fleet.ended(run);
    await archived(run);
    assert.equal((await fleet.state.runs.getRun(run))?.tasks.get("flaky")?.state, "failed");
    await fleet.state.acts.request(run, { id: "a", at: Date.now(), by: "ann", act: { type: "clear", tasks: ["flaky", "next"] } });
    await fleet.taskIn(run, "next", "success");
    assert.equal((await fleet.ended(run)).state, "success");
    await archived(run);
    const { runs } = fleet.state;
    assert.deepEqual(
      (await runs.listTries(run)).map(({ taskId, try: one, state }) => `${taskId} ${one} ${state}`),
      ["flaky 1 failed", "flaky 2 success", "next 1 success"],
    );
    const types = (await runs.history(run)).map(({ type }) => type);
    assert.deepEqual(
      types.filter(type => type.startsWith("run.")),
      ["run.created", "run.running", "run.failed", "run.acted", "run.running", "run.success"],
    );
  });

  it("goes on with another version of its DAG, if somebody wants it to", async () => {
    const { fleet } = shared;
    const dag = (script: string, more: string[]) =>
      DagSpec.parse({
        id: "moved",
        tasks: [shell("task", script), ...more.map(id => shell(id, "true", { upstream: ["task"] }))],
      });
    const run = await fleet.start(dag("exit 1", []));
    await fleet.ended(run);
    await archived(run);
    const young = dag("true", ["more"]);
    const version = contentHash(young);
    await fleet.state.dags.putSpec(version, young);
    await fleet.state.acts.request(run, { id: "v", at: Date.now(), by: "ann", act: { type: "clear", tasks: ["task"], version } });
    await fleet.taskIn(run, "more", "success");
    const after = await fleet.ended(run);
    assert.deepEqual([after.state, after.version], ["success", version]);
    const rebased = (await fleet.state.runs.history(run)).find(({ type }) => type === "run.rebased");
    assert.equal(rebased?.version, version);
  });

  it("leaves when its DAG has so many younger ones", async () => {
    const { fleet } = shared;
    await fleet.state.dags.publishDag(
      { id: "many", version: "v", file: "many.ts", publishedAt: 1, tags: [], timezone: "UTC", taskCount: 1 },
      DagSpec.parse({ id: "many", tasks: [{ id: "only", operator: "noop" }] }),
    );
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      ids.push(await fleet.start({ id: "many", tasks: [{ id: "only", operator: "noop" }] }));
      await fleet.ended(ids.at(-1)!);
    }
    const listed = async () => (await fleet.state.runs.listRuns({ dagId: "many", limit: 10 })).map(({ id }) => id);
    await until(async () => (await listed()).length === 3, { what: "three runs" });
    assert.deepEqual(await listed(), ids.slice(2).reverse());
  });
});
