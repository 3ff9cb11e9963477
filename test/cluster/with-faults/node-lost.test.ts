import assert from "node:assert/strict";
import type { TaskSpecInput } from "#core/task-spec.ts";
import { control } from "../../support/cluster-control.ts";
import { addPlayedNodes, PLAYED, removePlayedNodes } from "../../support/played-nodes.ts";
import { openRealCluster } from "../../support/real-cluster.ts";
import { until } from "../../support/until.ts";
import { withFleet } from "../../support/with-fleet.ts";

/** The cluster gives a node 50 s, Windlass its pod 2 min after the eviction. */
const LOST_MS = 240_000;

describe("a node of a real cluster whose kubelet is gone", () => {
  it("costs its pods their try's infrastructure budget, not a try: the next pod runs elsewhere", () =>
    withFleet(openRealCluster, async (fleet, cluster) => {
      await Promise.all([fleet.scheduler(), fleet.worker({ WINDLASS_INFRA_DELAY_MS: "500" })]);
      const task: TaskSpecInput = {
        id: "long",
        operator: "pod",
        // A played node has no logs.
        logs: false,
        retry: { retries: 0 },
        pod: {
          image: "busybox:1.36",
          command: ["sleep", "900"],
          terminationGracePeriodSeconds: 2,
          tolerations: [
            ...PLAYED.tolerations,
            { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 1 },
          ],
        },
      };
      const run = await fleet.start({ id: "lost", tasks: [task] });
      const running = async () => (await fleet.state.runs.notes(run)).get("long")?.code === "Running";
      await until(running, { deadlineMs: 30_000, what: "a running pod" });
      // Only now: the first pod had nowhere else to go. Without a second node the cluster would evict nobody.
      await addPlayedNodes(1);
      await control("stop", "kubelet");
      try {
        const { state, tasks } = await fleet.ended(run, LOST_MS);
        const { try: tryNumber, infra } = tasks.get("long")!;
        assert.deepEqual([state, tryNumber, infra], ["success", 1, 1]);
        const [lost, next] = await fleet.state.runs.listTries(run);
        assert.deepEqual([lost!.outcome.code, lost!.outcome.blame, next!.outcome.code], ["NodeLost", "infra", "Completed"]);
        assert.match(lost!.outcome.evidence ?? "", /taint/i);
        assert.equal(fleet.podsSeen().size, 2);
        for (const uids of fleet.podsSeen().values()) assert.equal(uids.size, 1);
        assert.deepEqual([...fleet.podsStopped()], [lost!.pod!.name], "stopped by the cluster");
      } finally {
        await control("start", "kubelet");
        await removePlayedNodes(cluster);
      }
    })).timeout(420_000);
});
