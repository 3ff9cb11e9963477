import assert from "node:assert/strict";
import { until } from "../../support/until.ts";
import { Handler, handBackOnAbort, openYard, order, type Yard } from "./yard.ts";

describe("task worker", () => {
  let yard: Yard;
  let handler: Handler;
  beforeEach(async () => {
    yard = await openYard();
    handler = new Handler();
  });
  afterEach(() => yard.close());

  const { jobId } = order("load");

  describe("ends of a job", () => {
    it("done: completed", async () => {
      await yard.queue.add([order("load")]);
      await yard.work({ handle: handler.handle });
      (await handler.next()).end({ type: "done" });
      await yard.reaches(jobId, "completed");
      assert.deepEqual(await yard.look(jobId), {
        state: "completed",
        attemptsMade: 1,
        attemptsStarted: 1,
        failedReason: undefined,
      });
      assert.deepEqual(yard.errors, []);
    });

    it("retry: each uses up a try, until none is left", async () => {
      await yard.queue.add([order("load", { attempts: 3 })]);
      await yard.work({ handle: handler.handle });
      const seen: number[][] = [];
      for (let i = 0; i < 3; i++) {
        const call = await handler.next();
        seen.push([call.job.try, call.job.epoch]);
        call.end({ type: "retry", message: `exit code ${i}` });
      }
      await yard.reaches(jobId, "failed");
      assert.deepEqual(seen, [
        [1, 1],
        [2, 2],
        [3, 3],
      ]);
      assert.deepEqual(await yard.look(jobId), {
        state: "failed",
        attemptsMade: 3,
        attemptsStarted: 3,
        failedReason: "exit code 2",
      });
      assert.deepEqual((await yard.queue.bull.getJob(jobId))?.stacktrace, []);
    });

    it("retry: waits as long as the policy says", async () => {
      const retry = { retries: 1, delayMs: 600_000, backoff: "fixed", maxDelayMs: 600_000, jitter: 0 } as const;
      await yard.queue.add([order("load", { attempts: 2, retry })]);
      await yard.work({ handle: handler.handle });
      (await handler.next()).end({ type: "retry", message: "no" });
      await yard.reaches(jobId, "delayed");
      assert.equal((await yard.queue.bull.getJob(jobId))?.delay, 600_000);
    });

    it("retry: an explicit delay wins over the policy", async () => {
      await yard.queue.add([order("load", { attempts: 2 })]);
      await yard.work({ handle: handler.handle });
      (await handler.next()).end({ type: "retry", message: "no", delayMs: 123_456 });
      await yard.reaches(jobId, "delayed");
      assert.equal((await yard.queue.bull.getJob(jobId))?.delay, 123_456);
    });

    it("failed: no further try, however many are left", async () => {
      await yard.queue.add([order("load", { attempts: 5 })]);
      await yard.work({ handle: handler.handle });
      (await handler.next()).end({ type: "failed", message: "image not found" });
      await yard.reaches(jobId, "failed");
      assert.deepEqual(await yard.look(jobId), {
        state: "failed",
        attemptsMade: 1,
        attemptsStarted: 1,
        failedReason: "image not found",
      });
    });

    it("defer: the same try again", async () => {
      await yard.queue.add([order("load")]);
      await yard.work({ handle: handler.handle });
      (await handler.next()).end({ type: "defer", delayMs: 5 });
      const again = await handler.next();
      assert.deepEqual([again.job.try, again.job.epoch], [1, 2]);
      again.end({ type: "done" });
      await yard.reaches(jobId, "completed");
    });

    it("hand-back: another worker goes on with the same try", async () => {
      await yard.queue.add([order("load", { attempts: 3, tryBase: 4 })]);
      const one = await yard.work({ handle: handler.handle });
      const call = await handler.next();
      const other = new Handler();
      await yard.work({ handle: other.handle });
      await Promise.all([call.end({ type: "hand-back" }), one.close()]);
      const again = await other.next();
      // Its closing worker may have had it once more in between.
      assert.deepEqual([again.job.try, again.job.epoch > 1], [5, true]);
      again.end({ type: "done" });
      await yard.reaches(jobId, "completed");
    });

    it("a person's Retry is one more try", async () => {
      await yard.queue.add([order("load")]);
      await yard.work({ handle: handler.handle });
      (await handler.next()).end({ type: "retry", message: "no" });
      await yard.reaches(jobId, "failed");
      await (await yard.queue.bull.getJob(jobId))!.retry("failed");
      const again = await handler.next();
      assert.deepEqual([again.job.try, again.job.epoch], [2, 2]);
      again.end({ type: "done" });
      await yard.reaches(jobId, "completed");
    });
  });

  describe("a handler that throws", () => {
    it("loses neither job nor try, and is reported", async () => {
      await yard.queue.add([order("load")]);
      await yard.work({ handle: handler.handle, brokenHandlerDelayMs: 5 });
      const boom = new Error("boom");
      (await handler.next()).fail(boom);
      const again = await handler.next();
      assert.deepEqual([again.job.try, again.job.epoch], [1, 2]);
      assert.deepEqual(yard.errors, [boom]);
      again.end({ type: "done" });
      await yard.reaches(jobId, "completed");
    });

    it("may also throw before it returns a promise", async () => {
      await yard.queue.add([order("load")]);
      let calls = 0;
      await yard.work({
        brokenHandlerDelayMs: 5,
        handle: () => {
          if (++calls === 1) throw new TypeError("at once");
          return Promise.resolve({ type: "done" });
        },
      });
      await yard.reaches(jobId, "completed");
      assert.equal(yard.errors.length, 1);
    });
  });

  it("starts nothing for data that are no job's", async () => {
    await yard.queue.bull.add("x", { dag: "etl", image: "evil" } as never, { jobId: "strange", attempts: 5 });
    await yard.work({ handle: handler.handle });
    await yard.reaches("strange", "failed");
    const { failedReason, attemptsMade } = await yard.look("strange");
    assert.match(failedReason!, /^not a job of Windlass: .*"image"/s);
    assert.equal(attemptsMade, 1);
    assert.equal(handler.calls.length, 0);
  });

  it("survives a job without a readable policy", async () => {
    await yard.queue.bull.add("etl", order("load").data, { jobId, attempts: 2, backoff: { type: "unknown", delay: 1 } });
    await yard.work({ handle: handler.handle });
    (await handler.next()).end({ type: "retry", message: "no" });
    await yard.reaches(jobId, "delayed");
    assert.equal((await yard.queue.bull.getJob(jobId))?.delay, 60_000);
    assert.equal(yard.errors.length, 1);
  });

  it("shows progress and log, and a failure to do so does no harm", async () => {
    await yard.queue.add([order("load")]);
    await yard.work({ handle: handler.handle });
    const call = await handler.next();
    await call.job.progress({ phase: "Running" });
    await call.job.log("created pod x");
    const job = (await yard.queue.bull.getJob(jobId))!;
    assert.deepEqual(job.progress, { phase: "Running" });
    assert.deepEqual((await yard.queue.bull.getJobLogs(jobId)).logs, ["created pod x"]);
    await yard.test.redis.del(`${yard.test.prefix}:pods:${jobId}`);
    await call.job.progress({ phase: "Gone" });
    await call.job.log("gone");
    assert.ok(yard.errors.length >= 1);
    call.end({ type: "done" });
  });

  describe("abort", () => {
    it("reaches the handler that holds the job", async () => {
      await yard.queue.add([order("load")]);
      const worker = await yard.work({ handle: handler.handle });
      const call = await handler.next();
      assert.deepEqual(worker.held(), [jobId]);
      assert.equal(worker.abort("other", "cancel"), false);
      assert.equal(worker.abort(jobId, "cancel"), true);
      assert.equal(call.signal.reason, "cancel");
      call.end({ type: "failed", message: "cancelled" });
      await yard.reaches(jobId, "failed");
      await until(() => worker.held().length === 0);
      assert.equal(worker.abort(jobId, "cancel"), false);
    });
  });

  describe("drain", () => {
    it("hands back every held job with its attempts, and another worker gets them all", async () => {
      const names = Array.from({ length: 40 }, (_, i) => `t${i}`);
      await yard.queue.add(names.map(name => order(name, { attempts: 3 })));
      const worker = await yard.work({ handle: handler.handle, concurrency: 100 });
      for (const _ of names) handBackOnAbort(await handler.next());
      const other = new Handler();
      await yard.work({ handle: other.handle, concurrency: 100 });

      await worker.drain();

      assert.deepEqual(worker.held(), []);
      assert.ok(handler.calls.every(call => call.signal.reason === "drain"));
      for (const _ of names) {
        const { job, end } = await other.next();
        assert.deepEqual([job.try, job.epoch >= 2], [1, true]);
        end({ type: "done" });
      }
      await until(async () => (await yard.queue.counts()).completed === names.length);
      assert.equal(other.calls.length, names.length, "each once");
    });

    it("starts nothing more, even when a last job slips into a closing worker", async () => {
      // As many as fit are held, and every hand-back wakes a worker that is still waiting for its next job.
      const names = Array.from({ length: 200 }, (_, i) => `t${i}`);
      await yard.queue.add(names.map(name => order(name)));
      const worker = await yard.work({ handle: handler.handle, concurrency: 300 });
      for (const _ of names) handBackOnAbort(await handler.next());
      await worker.drain();
      assert.equal(handler.calls.length, names.length);
      assert.deepEqual(await yard.queue.counts(), {
        waiting: 200,
        active: 0,
        delayed: 0,
        completed: 0,
        failed: 0,
      });
    });

    it("does not wait for a handler that does not listen", async () => {
      await yard.queue.add([order("load")]);
      const worker = await yard.work({ handle: handler.handle, graceMs: 10 });
      const deaf = await handler.next();
      await worker.drain();
      assert.deepEqual(await yard.look(jobId), {
        state: "waiting",
        attemptsMade: 0,
        attemptsStarted: 1,
        failedReason: undefined,
      });
      deaf.end({ type: "failed", message: "too late" });
      const other = new Handler();
      await yard.work({ handle: other.handle });
      assert.equal((await other.next()).job.epoch, 2);
    });

    it("leaves an ended job ended", async () => {
      await yard.queue.add([order("load")]);
      const worker = await yard.work({ handle: handler.handle });
      const call = await handler.next();
      call.signal.addEventListener("abort", () => call.end({ type: "done" }));
      await worker.drain();
      assert.equal((await yard.look(jobId)).state, "completed");
    });
  });

  it("close waits for what is held", async () => {
    await yard.queue.add([order("load")]);
    const worker = await yard.work({ handle: handler.handle });
    const call = await handler.next();
    const closed = worker.close();
    call.end({ type: "done" });
    await closed;
    assert.equal(call.signal.aborted, false);
    assert.equal((await yard.look(jobId)).state, "completed");
  });

  describe("a lost lock", () => {
    const SHORT = { lockDurationMs: 200, stalledIntervalMs: 100, graceMs: 50 };
    const loseLock = () => yard.test.redis.del(`${yard.test.prefix}:pods:${jobId}:lock`);

    /** Waits until the lock was renewed that often. */
    async function renewals(count: number): Promise<void> {
      const ttl = () => yard.test.redis.pttl(`${yard.test.prefix}:pods:${jobId}:lock`);
      for (let seen = 0, before = await ttl(); seen < count; ) {
        const now = await until(ttl, { what: "a lock" });
        if (now > before) seen++;
        before = now;
      }
    }

    it("aborts the handler, and the same try goes on in a new activation", async () => {
      await yard.queue.add([order("load")]);
      await yard.work({ handle: handler.handle, ...SHORT });
      const first = await handler.next();
      handBackOnAbort(first);
      await loseLock();
      const second = await handler.next();
      assert.equal(first.signal.reason, "lock-lost");
      assert.deepEqual([second.job.try, second.job.epoch], [1, 2]);
      second.end({ type: "done" });
      await yard.reaches(jobId, "completed");
      assert.equal((await yard.look(jobId)).attemptsMade, 1);
    });

    it("lets the successor wait for a zombie of the same process, and keeps its lock afterwards", async () => {
      await yard.queue.add([order("load")]);
      const worker = await yard.work({ handle: handler.handle, ...SHORT, lockDurationMs: 1_000, graceMs: 60_000 });
      const zombie = await handler.next();
      await loseLock();
      await until(async () => (await yard.look(jobId)).attemptsStarted === 2, { what: "the second activation" });
      assert.equal(zombie.signal.reason, "lock-lost");
      assert.equal(handler.calls.length, 1, "the successor waits");

      zombie.end({ type: "failed", message: "from the grave" });
      const heir = await handler.next();
      await renewals(4);

      assert.equal(handler.calls.length, 2, "no third activation");
      assert.deepEqual(worker.held(), [jobId]);
      assert.equal(heir.signal.aborted, false);
      heir.end({ type: "done" });
      await yard.reaches(jobId, "completed");
      assert.equal((await yard.look(jobId)).attemptsMade, 1);
    });

    it("goes on without a zombie that does not listen", async () => {
      await yard.queue.add([order("load")]);
      await yard.work({ handle: handler.handle, ...SHORT });
      const zombie = await handler.next();
      await loseLock();
      const heir = await handler.next();
      zombie.end({ type: "failed", message: "from the grave" });
      heir.end({ type: "done" });
      await yard.reaches(jobId, "completed");
    });

    it("does not touch the job, whatever the handler says", async () => {
      await yard.queue.add([order("load", { attempts: 3 })]);
      // No stall check: what happens to the job, happens through the end of the handler.
      await yard.work({ handle: handler.handle, ...SHORT, stalledIntervalMs: 600_000 });
      const call = await handler.next();
      call.signal.addEventListener("abort", () => call.end({ type: "failed", message: "no" }));
      await loseLock();
      await until(() => call.signal.aborted);
      await yard.queue.add([order("after")]);
      (await handler.next()).end({ type: "done" });
      await yard.reaches(order("after").jobId, "completed");
      assert.deepEqual(
        yard.errors.filter(error => /lock/i.test(String(error)) && !/could not renew/.test(String(error))),
        [],
      );
      assert.deepEqual(await yard.look(jobId), { state: "active", attemptsMade: 0, attemptsStarted: 1, failedReason: undefined });
    });
  });

  it("is healthy while jobs wait behind a full worker", async () => {
    await yard.queue.add([order("a"), order("b")]);
    const worker = await yard.work({ handle: handler.handle, concurrency: 1 });
    handBackOnAbort(await handler.next());
    assert.equal(await worker.isHealthy(), true);
  });

  it("adds no command of its own to a job that succeeds", async () => {
    const { redis, prefix } = yard.test;
    const names = Array.from({ length: 20 }, (_, i) => `t${i}`);
    await yard.work({ handle: async () => ({ type: "done" }) });
    const monitor = await redis.monitor();
    const commands: string[] = [];
    monitor.on("monitor", (_time: string, args: string[], source: string) => {
      if (source !== "lua" && args.some(arg => arg.startsWith(`${prefix}:`))) commands.push(args[0]!.toLowerCase());
    });
    try {
      for (const name of names) {
        await yard.queue.add([order(name)]);
        await until(async () => (await redis.zscore(`${prefix}:pods:completed`, order(name).jobId)) !== null);
      }
      const count = (command: string) => commands.filter(other => other === command).length;
      const own = commands.filter(command => !["eval", "evalsha", "bzpopmin", "zscore"].includes(command));
      assert.deepEqual(own, []);
      // BullMQ's own: add, moveToActive, moveToFinished, and two looks for more work.
      assert.ok(count("eval") + count("evalsha") <= names.length * 5 + 5, `${commands.length} commands for ${names.length} jobs`);
    } finally {
      monitor.disconnect();
    }
  });
});
