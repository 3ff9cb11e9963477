import assert from "node:assert/strict";
import { control } from "../../support/cluster-control.ts";
import { shell } from "../../support/fleet.ts";
import { lasting } from "../../support/lasting.ts";
import { openRealCluster } from "../../support/real-cluster.ts";
import { until } from "../../support/until.ts";
import { withFleet } from "../../support/with-fleet.ts";

const AWAY_MS = 60_000;

describe("the API server of a real cluster away for a minute", () => {
  it("fails no try and doubles no pod: running ones are seen again, new ones start afterwards", () =>
    withFleet(openRealCluster, async fleet => {
      await Promise.all([fleet.scheduler(), fleet.worker()]);
      const tasks = [
        shell("long", "sleep 20; echo done"),
        shell("after", "true", { upstream: ["long"] }),
        // Longer than its timeout, but not than its timeout and the time in which nobody could see it.
        shell("limited", "sleep 95", { timeoutMs: 60_000 }),
        shell("later", "true"),
      ];
      const run = await fleet.start({ id: "away", tasks: tasks.slice(0, 3) });
      await until(() => fleet.podsSeen().size === 2, { deadlineMs: 20_000, what: "the first pods" });
      for (const id of ["long", "limited"]) await fleet.taskIn(run, id, "running");
      await control("stop", "apiserver");
      let second: string;
      try {
        second = await fleet.start({ id: "meanwhile", tasks: tasks.slice(3) });
        await lasting(AWAY_MS);
      } finally {
        await control("start", "apiserver");
      }
      const ended = await Promise.all([fleet.ended(run, 120_000), fleet.ended(second, 120_000)]);
      assert.deepEqual(
        ended.map(({ state }) => state),
        ["success", "success"],
      );
      for (const { tasks: records } of ended)
        for (const task of records.values()) assert.deepEqual([task.try, task.infra], [1, 0]);
      await until(() => fleet.podsSeen().size === 4, { deadlineMs: 5_000, what: "four pods" });
      for (const uids of fleet.podsSeen().values()) assert.equal(uids.size, 1);
      assert.deepEqual([...fleet.podsStopped()], []);
    })).timeout(300_000);
});
