import assert from "node:assert/strict";
import { parseJobOrder } from "#queue/job-order.ts";
import { Handler, handBackOnAbort, openYard, order, type Yard } from "./yard.ts";

describe("task queue", () => {
  let yard: Yard;
  beforeEach(async () => {
    yard = await openYard();
  });
  afterEach(() => yard.close());

  it("puts jobs in once, however often they are ordered", async () => {
    await yard.queue.add([order("a"), order("b")]);
    await yard.queue.add([order("b", { data: { ...order("b").data, version: "v2" } }), order("c")]);
    assert.equal((await yard.queue.counts()).waiting, 3);
    assert.equal((await yard.queue.bull.getJob(order("b").jobId))?.data.version, "v1");
    await yard.queue.add([]);
  });

  it("names jobs by their DAG and stores nothing but the reference and the policy", async () => {
    await yard.queue.add([order("a", { attempts: 3 })]);
    const job = (await yard.queue.bull.getJob(order("a").jobId))!;
    assert.equal(job.name, "etl");
    assert.deepEqual(job.data, order("a").data);
    assert.equal(job.opts.attempts, 3);
    assert.equal(job.opts.keepLogs, 200);
    assert.equal(job.opts.stackTraceLimit, 0);
  });

  it("tells when BullMQ refuses a job, and the others are in", async () => {
    const tooBig = order("big", { data: { ...order("big").data, version: "x".repeat(20_000) } });
    await assert.rejects(yard.queue.add([tooBig]), /size/);
    const orphan = { ...order("b"), jobId: "b:c" };
    await assert.rejects(yard.queue.add([orphan]));
    await yard.queue.add([order("a")]);
    assert.equal((await yard.queue.counts()).waiting, 1);
  });

  it("sends its commands at once, behind what was sent before on the connection", async () => {
    const { redis, prefix } = yard.test;
    await yard.queue.bull.waitUntilReady();
    await yard.queue.add([order("first")]);
    const added = yard.queue.add([order("a")]);
    await null;
    // A turn of the event loop later at most, and before any other work of it.
    const seen = new Promise<number>(resolve =>
      setImmediate(() => void redis.exists(`${prefix}:pods:${order("a").jobId}`).then(resolve)),
    );
    await added;
    assert.equal(await seen, 1);
  });

  it("removes what waits and leaves what is held", async () => {
    const handler = new Handler();
    await yard.queue.add([order("held")]);
    await yard.work({ handle: handler.handle, concurrency: 1 });
    handBackOnAbort(await handler.next());
    await yard.queue.add([order("waits")]);
    assert.equal(await yard.queue.remove(order("held").jobId), "held");
    assert.equal(await yard.queue.remove(order("waits").jobId), "removed");
    assert.equal(await yard.queue.remove(order("waits").jobId), "missing");
  });

  it("knows the state of every job", async () => {
    const handler = new Handler();
    const names = ["done", "failed", "delayed", "active"];
    await yard.queue.add(names.map(name => order(name)));
    await yard.work({ handle: handler.handle, concurrency: 4 });
    for (let i = 0; i < names.length; i++) {
      const call = await handler.next();
      if (call.job.data.task === "done") call.end({ type: "done" });
      else if (call.job.data.task === "failed") call.end({ type: "failed", message: "no" });
      else if (call.job.data.task === "delayed") call.end({ type: "defer", delayMs: 600_000 });
      else handBackOnAbort(call);
    }
    await yard.reaches(order("done").jobId, "completed");
    await yard.reaches(order("failed").jobId, "failed");
    await yard.reaches(order("delayed").jobId, "delayed");
    await yard.queue.bull.pause();
    await yard.queue.add([order("waiting")]);
    const ids = [...names, "waiting", "missing"].map(name => order(name).jobId);
    const states = await yard.queue.states(ids);
    assert.deepEqual([...states.values()], ["completed", "failed", "delayed", "active", "waiting", "missing"]);
    assert.deepEqual(await yard.queue.counts(), { waiting: 1, active: 1, delayed: 1, completed: 1, failed: 1 });
  });
});

describe("the order of a queue", () => {
  let yard: Yard;
  beforeEach(async () => {
    yard = await openYard();
  });
  afterEach(() => yard.close());

  const taken = async (handler: Handler, count: number): Promise<string[]> => {
    const names: string[] = [];
    for (let i = 0; i < count; i++) {
      const call = await handler.next();
      names.push(call.job.data.task);
      call.end({ type: "done" });
    }
    return names;
  };

  it("is by priority, then by when they came; a job without one is a usual one", async () => {
    const priorities = { low: 1_000_001, usual: undefined, first: 1, high: 999_000, high2: 999_000 };
    const orders = Object.entries(priorities).map(([name, priority]) => order(name, priority === undefined ? {} : { priority }));
    await yard.queue.add(orders);
    const handler = new Handler();
    await yard.work({ handle: handler.handle, concurrency: 1 });
    assert.deepEqual(await taken(handler, 5), ["first", "high", "high2", "usual", "low"]);
  });

  it("has a job before all others that a worker gave back", async () => {
    await yard.queue.add([order("running", { priority: 1_000_500 })]);
    const handler = new Handler();
    const worker = await yard.work({ handle: handler.handle, concurrency: 1 });
    handBackOnAbort(await handler.next());
    await yard.queue.add([order("urgent", { priority: 1 })]);
    await worker.drain();
    const other = new Handler();
    await yard.work({ handle: other.handle, concurrency: 1 });
    assert.deepEqual(await taken(other, 2), ["running", "urgent"]);
  });

  it("starts a job at once that waited for its delay, and no other", async () => {
    await yard.queue.add([order("delayed")]);
    const handler = new Handler();
    await yard.work({ handle: handler.handle, concurrency: 1 });
    (await handler.next()).end({ type: "defer", delayMs: 600_000 });
    await yard.reaches(order("delayed").jobId, "delayed");
    assert.equal(await yard.queue.promote(order("delayed").jobId), true);
    assert.deepEqual(await taken(handler, 1), ["delayed"]);
    await yard.reaches(order("delayed").jobId, "completed");
    assert.equal(await yard.queue.promote(order("delayed").jobId), false);
    assert.equal(await yard.queue.promote(order("missing").jobId), false);
  });
});

describe("task queue with many jobs", () => {
  it("knows their states, the missing ones too", async () => {
    const yard = await openYard();
    try {
      const names = Array.from({ length: 150 }, (_, i) => `t${i}`);
      await yard.queue.add(names.map(name => order(name)));
      const handler = new Handler();
      await yard.work({ handle: handler.handle, concurrency: 20 });
      for (let i = 0; i < 20; i++) handBackOnAbort(await handler.next());
      handler.calls[0]!.end({ type: "defer", delayMs: 600_000 });
      handBackOnAbort(await handler.next());
      const states = await yard.queue.states([...names, "gone"].map(name => order(name).jobId));
      const count = (wanted: string) => [...states.values()].filter(state => state === wanted).length;
      assert.deepEqual([count("active"), count("delayed"), count("waiting"), count("missing")], [20, 1, 129, 1]);
      assert.equal([...states.keys()].at(-1), order("gone").jobId);
    } finally {
      await yard.close();
    }
  });
});

describe("job order", () => {
  it("comes back from its text", () => assert.deepEqual(parseJobOrder(JSON.stringify(order("a"))), order("a")));
  const BROKEN: readonly [string, unknown][] = [
    ["an unknown field", { ...order("a"), more: 1 }],
    ["no attempts", { ...order("a"), attempts: 0 }],
    ["a spec in its data", { ...order("a"), data: { ...order("a").data, image: "x" } }],
  ];
  for (const [what, value] of BROKEN) it(`refuses ${what}`, () => assert.throws(() => parseJobOrder(JSON.stringify(value))));
});
