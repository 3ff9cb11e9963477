import assert from "node:assert/strict";
import { openTaskQueues, type TaskQueues } from "#queue/task-queues.ts";
import { type TestRedis, testRedis } from "../../support/redis.ts";
import { order } from "./yard.ts";

describe("task queues", () => {
  let test: TestRedis;
  let queues: TaskQueues;
  const opened: string[] = [];
  beforeEach(async () => {
    test = await testRedis();
    opened.length = 0;
    queues = openTaskQueues({ connection: test.redis, prefix: test.prefix, onOpened: name => opened.push(name) });
  });
  afterEach(async () => {
    await queues.close();
    await test.close();
  });

  it("puts each job into its own queue, and finds it there only", async () => {
    await queues.add([order("a"), order("b", { queue: "gpu" }), order("c", { queue: "gpu" })]);
    assert.deepEqual(opened.toSorted(), ["gpu", "pods"]);
    assert.equal((await queues.of("gpu").counts()).waiting, 2);
    assert.equal((await queues.of().counts()).waiting, 1);
    const places = [{ jobId: order("a").jobId }, { jobId: order("b").jobId, queue: "gpu" }, { jobId: order("c").jobId }];
    const states = await queues.states(places);
    assert.deepEqual(
      places.map(({ jobId }) => states.get(jobId)),
      ["waiting", "waiting", "missing"],
    );
  });

  it("removes and promotes a job where it is", async () => {
    await queues.add([order("b", { queue: "gpu" })]);
    const place = { jobId: order("b").jobId, queue: "gpu" };
    assert.deepEqual(
      [await queues.promote(place), await queues.remove(place), await queues.remove(place)],
      [false, "removed", "missing"],
    );
  });
});
