import assert from "node:assert/strict";
import { openEmbeddedCluster } from "../../support/embedded-cluster.ts";
import { shell } from "../../support/fleet.ts";
import { until } from "../../support/until.ts";
import { withFleet } from "../../support/with-fleet.ts";

/** A cluster whose phases lag far behind the containers, as on a busy node. */
const openLaggingCluster = () => openEmbeddedCluster({ phaseLagMs: 20_000 });

describe("a pod whose phase comes later", () => {
  it("ends its try with its container; an eviction in between is noted, and the outcome stands", () =>
    withFleet(openLaggingCluster, async (fleet, { local }) => {
      await Promise.all([fleet.scheduler(), fleet.worker()]);
      const run = await fleet.start({
        id: "later",
        tasks: [shell("done", "true", { onFinish: "keep" }), shell("next", "true", { upstream: ["done"] })],
      });
      const { pod } = await fleet.taskIn(run, "done", "success");
      assert.equal((await fleet.kube.getPod(fleet.namespace, pod!.name))?.status.phase, "Running");
      local.faults.node.evict(fleet.namespace, pod!.name);

      const ended = await fleet.ended(run);
      assert.deepEqual(
        [...ended.tasks.values()].map(({ state }) => state),
        ["success", "success"],
        "its dependents had begun, and go on",
      );
      const disputed = async () => (await fleet.state.runs.listTries(run)).find(({ later }) => later !== undefined);
      const one = await until(disputed, { deadlineMs: 30_000, what: "the note" });
      assert.equal(one.taskId, "done");
      assert.deepEqual([one.outcome.code, one.state], ["Completed", "success"]);
      assert.match(one.later!.message, /low on resource: memory/);
      const history = await fleet.state.runs.history(run);
      assert.ok(
        history.some(({ type, taskId, recorded }) => type === "try.disputed" && taskId === "done" && recorded === "Completed"),
      );
    })).timeout(60_000);
});
