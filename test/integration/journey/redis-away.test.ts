import assert from "node:assert/strict";
import { openEmbeddedCluster } from "../../support/embedded-cluster.ts";
import { openFleet, shell } from "../../support/fleet.ts";
import { lasting } from "../../support/lasting.ts";
import { startRedis } from "../../support/redis.ts";
import { until } from "../../support/until.ts";

describe("Redis away for 10 s", () => {
  it("loses no task and doubles no pod: what ended meanwhile is recorded when it is back", async () => {
    const [redis, cluster] = await Promise.all([startRedis({ aof: true }), openEmbeddedCluster()]);
    const fleet = await openFleet({ redisUrl: redis.url, prefix: "{away}", kubeconfig: cluster.kubeconfig });
    try {
      await Promise.all([fleet.scheduler(), fleet.worker()]);
      const run = await fleet.start({
        id: "away",
        tasks: [shell("one", "sleep 3"), shell("two", "sleep 1", { upstream: ["one"] }), shell("side", "sleep 14")],
      });
      await until(() => fleet.podsSeen().size === 2, { deadlineMs: 15_000, what: "both pods" });
      await redis.kill();
      await lasting(10_000);
      await redis.restart();
      const ended = await fleet.ended(run, 60_000);
      assert.equal(ended.state, "success");
      for (const task of ended.tasks.values()) assert.deepEqual([task.try, task.infra], [1, 0]);
      assert.equal(fleet.podsSeen().size, 3);
      for (const uids of fleet.podsSeen().values()) assert.equal(uids.size, 1);
    } finally {
      await fleet.close();
      await cluster.close();
      await redis.stop();
    }
  }).timeout(120_000);
});
