import assert from "node:assert/strict";
import { shell } from "../../support/fleet.ts";
import { openGate } from "../../support/gate.ts";
import { sharedFleet } from "../../support/shared-fleet.ts";
import { until } from "../../support/until.ts";

describe("a worker that somebody asks to drain", () => {
  const shared = sharedFleet(fleet => fleet.scheduler());

  it("hands its jobs over, takes no more, lives on, and no pod is touched; the next process of its name is another worker", async () => {
    const { fleet, cluster } = shared;
    const gate = openGate();
    await fleet.worker({ WINDLASS_WORKER_ID: "w-one" });
    const run = await fleet.start({ id: "asked", tasks: ["a", "b", "c"].map(id => shell(id, `${gate.wait}; true`)) });
    const heldBy = async (name: string): Promise<boolean> => {
      const { tasks } = (await fleet.state.runs.getRun(run))!;
      const held = [...tasks.values()].filter(({ state, worker }) => state === "running" && worker!.startsWith(name));
      return held.length === 3 && fleet.podsSeen().size === 3;
    };
    const rowOf = async (name: string) => (await fleet.state.claims.listWorkers()).find(({ id }) => id.startsWith(name));
    await until(() => heldBy("w-one"), { deadlineMs: 15_000, what: "three running pods" });
    await fleet.worker({ WINDLASS_WORKER_ID: "w-two" });
    const { id, startedAt } = (await rowOf("w-one"))!;
    cluster.stats.requests.clear();

    await fleet.state.drains.ask(id, { at: 1, by: "ann", startedAt: startedAt - 1 });
    await fleet.state.drains.ask(id, { at: 2, by: "ann", startedAt });
    await until(() => heldBy("w-two"), { deadlineMs: 20_000, what: "the adoption of all" });
    await until(async () => (await rowOf("w-one"))?.state === "draining", { what: "its word" });
    assert.equal(cluster.stats.requests.count({ resource: "pods", userAgent: /^windlass-worker/, verb: "delete" }), 0);

    gate.open();
    assert.equal((await fleet.ended(run)).state, "success");
    for (const uids of fleet.podsSeen().values()) assert.equal(uids.size, 1);
    const next = await fleet.start({ id: "after", tasks: [shell("only", "true")] });
    assert.match((await fleet.ended(next)).tasks.get("only")!.worker!, /^w-two/);
  }).timeout(60_000);
});
