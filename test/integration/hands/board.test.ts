import assert from "node:assert/strict";
import { jobId } from "#core/ids.ts";
import { shell } from "../../support/fleet.ts";
import { openGate } from "../../support/gate.ts";
import { sharedFleet } from "../../support/shared-fleet.ts";
import { until } from "../../support/until.ts";
import { type OpenDashboard, openDashboard } from "../dashboard/open-dashboard.ts";

describe("people's hands on Bull Board", () => {
  const shared = sharedFleet(fleet => Promise.all([fleet.scheduler(), fleet.worker()]));
  let dashboard: OpenDashboard;
  before(async () => {
    const { fleet } = shared;
    const { host, port } = fleet.redis.options;
    dashboard = await openDashboard({ REDIS_URL: `redis://${host}:${port}`, WINDLASS_PREFIX: fleet.prefix });
  });
  after(() => dashboard.close());

  const put = (path: string) => dashboard.ask(`/queues/api/queues/pods/${path}`, { method: "PUT", body: {} });

  it("Retry waits for a slot of the pool like every other task, and reopens the run", async () => {
    const { fleet } = shared;
    await fleet.state.pools.putPool({ name: "one", slots: 1, includeDeferred: false }, Date.now());
    const failed = await fleet.start({ id: "failed", tasks: [{ ...shell("t", '[ "$WINDLASS_TRY" -ge 2 ]'), pool: "one" }] });
    assert.equal((await fleet.ended(failed)).state, "failed");
    const gate = openGate();
    const holder = await fleet.start({ id: "holder", tasks: [{ ...shell("t", gate.wait), pool: "one" }] });
    await fleet.taskIn(holder, "t", "running");

    assert.equal((await put(`${encodeURIComponent(jobId(failed, "t", 1))}/retry`)).status, 204);
    await fleet.taskIn(failed, "t", "scheduled");
    gate.open();
    await until(async () => (await fleet.state.runs.getSummary(failed))?.state === "success", {
      deadlineMs: 15_000,
      what: "the success of the run that was retried",
    });
    const [one, two] = await fleet.state.runs.listTries(failed);
    const held = (await fleet.state.runs.listTries(holder))[0]!;
    assert.deepEqual([one!.state, two!.state, two!.try], ["failed", "success", 2]);
    assert.ok(two!.startedAt >= held.endedAt, "not before the slot was free");
    const acted = (await fleet.state.runs.history(failed)).filter(({ type }) => type === "run.acted");
    assert.deepEqual(
      acted.map(({ by, act }) => [by, act]),
      [["anonymous", { type: "clear", tasks: ["t"] }]],
    );
  });

  it("Retry all does it to every run, Promote starts a try that waits", async () => {
    const { fleet } = shared;
    const runs = await Promise.all(["a", "b"].map(id => fleet.start({ id, tasks: [shell("t", '[ "$WINDLASS_TRY" -ge 2 ]')] })));
    for (const run of runs) assert.equal((await fleet.ended(run)).state, "failed");
    const waits = await fleet.start({
      id: "later",
      tasks: [shell("t", '[ "$WINDLASS_TRY" -ge 2 ]', { retry: { retries: 1, delayMs: 3_600_000 } })],
    });
    await fleet.taskIn(waits, "t", "up_for_retry");
    await fleet.jobIn(jobId(waits, "t", 1), "delayed");

    assert.equal((await put("retry/failed")).status, 200);
    assert.equal((await put("promote")).status, 200);
    for (const run of [...runs, waits]) {
      await until(async () => (await fleet.state.runs.getSummary(run))?.state === "success", {
        deadlineMs: 15_000,
        what: `the success of ${run}`,
      });
    }
  });
});
