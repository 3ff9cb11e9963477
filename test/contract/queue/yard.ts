import { EventEmitter, once } from "node:events";
import type { Job } from "bullmq";
import type { HeldJob, JobEnd } from "#queue/held-job.ts";
import type { JobOrder } from "#queue/job-order.ts";
import { openTaskQueue, type TaskQueue } from "#queue/task-queue.ts";
import { openTaskWorker, type TaskWorker, type TaskWorkerOptions } from "#queue/task-worker.ts";
import { type TestRedis, testRedis } from "../../support/redis.ts";
import { until } from "../../support/until.ts";

/** A queue of one test's own, with workers that end with it. */
export interface Yard {
  test: TestRedis;
  queue: TaskQueue;
  /** Everything the workers reported. */
  errors: unknown[];
  /** Starts a worker with short locks. */
  work(options: Partial<TaskWorkerOptions> & Pick<TaskWorkerOptions, "handle">): Promise<TaskWorker>;
  /** The job's counters and state as BullMQ keeps them. */
  look(
    jobId: string,
  ): Promise<{ state: string; attemptsMade: number; attemptsStarted: number; failedReason: string | undefined }>;
  /** Waits until the job is in that state. */
  reaches(jobId: string, state: string): Promise<void>;
  close(): Promise<void>;
}

export async function openYard(): Promise<Yard> {
  const test = await testRedis();
  const queue = openTaskQueue({ connection: test.redis, prefix: test.prefix });
  const workers: TaskWorker[] = [];
  const errors: unknown[] = [];
  const job = async (jobId: string): Promise<Job | undefined> => queue.bull.getJob(jobId);
  return {
    test,
    queue,
    errors,
    async work(options) {
      const worker = openTaskWorker({
        connection: test.open(),
        prefix: test.prefix,
        workerName: `w${workers.length + 1}`,
        concurrency: 10,
        onError: error => errors.push(error),
        ...options,
      });
      workers.push(worker);
      await worker.run();
      return worker;
    },
    async look(jobId) {
      const found = (await job(jobId))!;
      const { attemptsMade, attemptsStarted, failedReason } = found;
      return { state: await found.getState(), attemptsMade, attemptsStarted, failedReason };
    },
    async reaches(jobId, state) {
      await until(async () => (await queue.states([jobId])).get(jobId) === state, { what: `job ${jobId} ${state}` });
    },
    async close() {
      await Promise.all(workers.map(worker => worker.drain()));
      await queue.close();
      await test.close();
    },
  };
}

export function order(task: string, change: Partial<JobOrder> & { tryBase?: number; gen?: number } = {}): JobOrder {
  const { tryBase = 0, gen = 1, ...rest } = change;
  return {
    jobId: `etl~1~${task}~${gen}`,
    data: { dag: "etl", run: "etl~1", task, gen, version: "v1", tryBase },
    attempts: 1,
    retry: { retries: 0, delayMs: 0, backoff: "fixed", maxDelayMs: 60_000, jitter: 0 },
    ...rest,
  };
}

/** One call of a handler, which the test ends. */
export interface Call {
  job: HeldJob;
  signal: AbortSignal;
  end(end: JobEnd): void;
  fail(error: Error): void;
}

/** A handler whose calls the test takes one by one. */
export class Handler {
  readonly calls: Call[] = [];
  readonly #events = new EventEmitter();
  #taken = 0;

  readonly handle = (job: HeldJob, signal: AbortSignal): Promise<JobEnd> => {
    const { promise, resolve, reject } = Promise.withResolvers<JobEnd>();
    this.calls.push({ job, signal, end: resolve, fail: reject });
    this.#events.emit("call");
    return promise;
  };

  /** The next call nobody has taken yet. */
  async next(): Promise<Call> {
    if (this.calls.length === this.#taken) await once(this.#events, "call", { signal: AbortSignal.timeout(10_000) });
    return this.calls[this.#taken++]!;
  }
}

/** Lets go as a good handler does: hands back when the worker drains or the lock is lost. */
export const handBackOnAbort = (call: Call): void =>
  call.signal.addEventListener("abort", () => call.end({ type: "hand-back" }), { once: true });
