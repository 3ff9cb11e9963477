import assert from "node:assert/strict";
import { jobId } from "#core/ids.ts";
import { shell } from "../../support/fleet.ts";
import { sharedFleet } from "../../support/shared-fleet.ts";

describe("a person who steps in", () => {
  const shared = sharedFleet(fleet => fleet.scheduler());

  it("cancels a run whose task waits in the queue: it ends without a worker, and its job is gone", async () => {
    const { fleet } = shared;
    const run = await fleet.start({
      id: "waiting",
      tasks: [
        { id: "first", operator: "noop" },
        { id: "second", operator: "noop", upstream: ["first"] },
      ],
    });
    const id = jobId(run, "first", 1);
    await fleet.jobIn(id, "waiting");
    assert.equal(await fleet.state.runs.requestCancel(run, { at: Date.now(), by: "test" }), "requested");
    const { state, tasks } = await fleet.ended(run);
    assert.deepEqual([state, tasks.get("first")!.state, tasks.get("second")!.state], ["cancelled", "cancelled", "cancelled"]);
    await fleet.jobIn(id, "missing");
  });

  it("retries a failed job in Bull Board: its run goes on, and what had failed with it is done", async () => {
    const { fleet } = shared;
    const worker = await fleet.worker();
    const run = await fleet.start({
      id: "again",
      tasks: [
        shell("flaky", '[ "$WINDLASS_TRY" = 2 ]'),
        shell("next", "true", { upstream: ["flaky"] }),
        { id: "last", operator: "noop", upstream: ["next"] },
      ],
    });
    const before = await fleet.ended(run);
    const states = (tasks: typeof before.tasks) => ["flaky", "next", "last"].map(id => tasks.get(id)!.state);
    assert.deepEqual([before.state, ...states(before.tasks)], ["failed", "failed", "upstream_failed", "upstream_failed"]);
    const job = await fleet.jobIn(jobId(run, "flaky", 1), "failed");
    await job.retry("failed");
    await fleet.taskIn(run, "last", "success");
    const after = await fleet.ended(run);
    assert.deepEqual([after.state, ...states(after.tasks)], ["success", "success", "success", "success"]);
    const { gen, try: tryNumber } = after.tasks.get("flaky")!;
    assert.deepEqual([gen, tryNumber], [1, 2]);
    assert.deepEqual(
      (await fleet.state.runs.listTries(run)).map(({ taskId, try: number, state }) => `${taskId} ${number} ${state}`),
      ["flaky 1 failed", "flaky 2 success", "next 1 success", "last 1 success"],
    );
    await worker.signal("SIGTERM");
  });
});
