import assert from "node:assert/strict";
import { shell } from "../../support/fleet.ts";
import { openGate } from "../../support/gate.ts";
import { sharedFleet } from "../../support/shared-fleet.ts";
import { until } from "../../support/until.ts";

const COUNT = 50;

describe("a worker that is told to leave", () => {
  const shared = sharedFleet(fleet => fleet.scheduler());

  it(`hands ${COUNT} held jobs back: another worker adopts all of them, no pod is touched, and it exits with 0`, async () => {
    const { fleet, cluster } = shared;
    const gate = openGate();
    const first = await fleet.worker({ WINDLASS_WORKER_ID: "w-one" });
    const ids = Array.from({ length: COUNT }, (_, i) => `t${i}`);
    const run = await fleet.start({ id: "drained", tasks: ids.map(id => shell(id, `${gate.wait}; true`)) });
    const heldBy = async (worker: string, epoch: number): Promise<boolean> => {
      const { tasks } = (await fleet.state.runs.getRun(run))!;
      const held = [...tasks.values()].filter(
        task => task.state === "running" && task.worker!.startsWith(worker) && task.epoch >= epoch,
      );
      return held.length === COUNT && fleet.podsSeen().size === COUNT;
    };
    await until(() => heldBy("w-one", 1), { deadlineMs: 15_000, what: "50 running pods" });
    await fleet.worker({ WINDLASS_WORKER_ID: "w-two" });
    cluster.stats.requests.clear();

    await first.signal("SIGTERM");
    assert.equal(first.exitCode(), 0);
    await until(() => heldBy("w-two", 2), { deadlineMs: 15_000, what: "the adoption of all" });
    const writes = { resource: "pods", userAgent: /^windlass-worker/ };
    assert.equal(cluster.stats.requests.count({ ...writes, verb: "delete" }), 0, "pods deleted");
    assert.equal(cluster.stats.requests.count({ ...writes, verb: "create" }), 0, "pods created");

    gate.open();
    const ended = await fleet.ended(run);
    assert.equal(ended.state, "success");
    for (const task of ended.tasks.values()) assert.deepEqual([task.try, task.infra, task.epoch >= 2], [1, 0, true]);
    assert.equal(fleet.podsSeen().size, COUNT);
    for (const uids of fleet.podsSeen().values()) assert.equal(uids.size, 1);
  }).timeout(60_000);
});
