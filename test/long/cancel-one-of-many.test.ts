import assert from "node:assert/strict";
import { openEmbeddedCluster } from "../support/embedded-cluster.ts";
import { shell } from "../support/fleet.ts";
import { until } from "../support/until.ts";
import { withFleet } from "../support/with-fleet.ts";

const RUNS = 200;

describe("cancelling one of 200 running pods", () => {
  it("is one DELETE, of that pod, and nothing is asked about the pod before", () =>
    withFleet(openEmbeddedCluster, async (fleet, { local }) => {
      await Promise.all([fleet.scheduler(), fleet.worker()]);
      const task = shell("long", "exec sleep 600", { onFinish: "keep" });
      const runs = await Promise.all(
        Array.from({ length: RUNS }, () => fleet.start({ id: "many", maxActiveRuns: RUNS, tasks: [task] })),
      );
      const running = async () =>
        (await fleet.kube.listPods(fleet.namespace)).pods.filter(({ status }) => status.containerStatuses?.[0]?.state?.running)
          .length;
      await until(async () => (await running()) === RUNS, { deadlineMs: 60_000, what: `${RUNS} running pods` });

      local.stats.requests.clear();
      const victim = runs[77]!;
      assert.equal(await fleet.state.runs.requestCancel(victim, { at: Date.now(), by: "test" }), "requested");
      await fleet.taskIn(victim, "long", "cancelled");

      const pod = (await fleet.state.runs.getRun(victim))!.tasks.get("long")!.pod!;
      // Logs of other pods may be read meanwhile.
      const asked = local.stats.requests.all.filter(({ name, subresource }) => name === pod.name && subresource === undefined);
      assert.equal(asked[0]?.verb, "delete");
      assert.equal(local.stats.requests.count({ verb: "delete" }), 1);
    })).timeout(120_000);
});
