import assert from "node:assert/strict";
import { jobId } from "#core/ids.ts";
import { shell } from "../../support/fleet.ts";
import { sharedFleet } from "../../support/shared-fleet.ts";
import { until } from "../../support/until.ts";

describe("a job that was put into Redis by hand", () => {
  const shared = sharedFleet(fleet => Promise.all([fleet.scheduler(), fleet.worker()]));

  const VERSION = "0".repeat(16);
  const FOREIGN: readonly [name: string, jobId: string, data: object][] = [
    ["names a run that is unknown", "no~run~t~1", { dag: "no", run: "no~run", task: "t", gen: 1, version: VERSION, tryBase: 0 }],
    ["names a task that is unknown", "own~x~1", { dag: "own", run: "own~r", task: "x", gen: 1, version: VERSION, tryBase: 0 }],
    [
      "comes from a generation that never was",
      "own~t~9",
      { dag: "own", run: "own~r", task: "t", gen: 9, version: VERSION, tryBase: 0 },
    ],
    ["comes once more", "own~again", { dag: "own", run: "own~r", task: "t", gen: 1, version: VERSION, tryBase: 0 }],
    [
      "brings a command along",
      "cmd",
      { dag: "own", run: "own~r", task: "t", gen: 1, version: VERSION, tryBase: 0, command: ["sh"] },
    ],
    ["is something else altogether", "else", { image: "busybox", command: ["sh", "-c", "exit"] }],
  ];

  it("runs nothing", async () => {
    const { fleet, cluster } = shared;
    const run = await fleet.start({ id: "own", tasks: [shell("t", "true")] });
    await fleet.ended(run);
    const before = (await fleet.state.runs.getRun(run))!;
    const creates = () => cluster.stats.requests.count({ resource: "pods", verb: "create" });
    const created = creates();
    const ids: string[] = [];
    for (const [, id, data] of FOREIGN) {
      const text = JSON.stringify(data).replaceAll("own~r", run);
      await fleet.queue.bull.add("windlass", JSON.parse(text), { jobId: id });
      ids.push(id);
    }
    // A worker has looked at each: one that may still come true is looked at again later.
    const seen = ["completed", "failed", "missing", "delayed"];
    await until(async () => [...(await fleet.queue.states(ids)).values()].every(state => seen.includes(state)), {
      deadlineMs: 15_000,
      what: "a look at all of them",
    });
    assert.equal(creates(), created, "pods created");
    const { tasks, state } = (await fleet.state.runs.getRun(run))!;
    assert.deepEqual([state, [...tasks]], [before.state, [...before.tasks]]);
  });

  it("does not pass a limit: the task waits for its slot all the same", async () => {
    const { fleet } = shared;
    await fleet.state.pools.putPool({ name: "shut", slots: 0, includeDeferred: false }, Date.now());
    const run = await fleet.start({ id: "waits", tasks: [{ ...shell("t", "true"), pool: "shut" }] });
    await fleet.taskIn(run, "t", "scheduled");
    const { version, dagId } = (await fleet.state.runs.getRun(run))!;
    const id = jobId(run, "t", 1);
    await fleet.queue.bull.add("windlass", { dag: dagId, run, task: "t", gen: 1, version, tryBase: 0 }, { jobId: id });
    await fleet.jobIn(id, "delayed");
    assert.equal((await fleet.state.runs.getTask(run, "t"))!.state, "scheduled");
    assert.equal([...fleet.podsSeen().keys()].filter(name => name.includes("waits")).length, 0);
  });
});
