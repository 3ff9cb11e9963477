import { type Job, MetricsTime, UnrecoverableError } from "bullmq";
import type { Redis } from "ioredis";
import { z } from "zod";
import { WindlassError } from "#core/errors.ts";
import { DEFAULT_QUEUE } from "#core/queue-name.ts";
import { hasWork } from "./has-work.ts";
import type { AbortReason, HeldJob, JobEnd, JobHandler } from "./held-job.ts";
import { JobData } from "./job-data.ts";
import { JobFlight } from "./job-flight.ts";
import { retryBackoff } from "./retry-backoff.ts";
import { SingleFlightWorker } from "./single-flight-worker.ts";
import { WorkerPulse } from "./worker-pulse.ts";

/** How long ended jobs stay visible, by age and by number, whichever is shorter. */
export interface Retention {
  ageMs: number;
  count: number;
}

export interface TaskWorkerOptions {
  /** Stays the caller's; BullMQ opens a second one like it for its blocking wait. Its maxRetriesPerRequest must be null. */
  connection: Redis;
  /** The same as the queue's. */
  prefix: string;
  /** Name of the queue. Default: pods. */
  name?: string;
  /** Shown in Bull Board as the one who processed a job. */
  workerName: string;
  /** Jobs held at the same time. */
  concurrency: number;
  handle: JobHandler;
  /** Everything that went wrong without ending a job: connections, locks, handlers that threw. Default: ignored. */
  onError?: (error: unknown, jobId?: string) => void;
  /** A dead worker's jobs go to others after this long and up to two stall checks more. Default: 60 s. */
  lockDurationMs?: number;
  /** Default: 15 s. */
  stalledIntervalMs?: number;
  /** How long a handler may take to let go after `drain` or `lock-lost`. Default: 800 ms. */
  graceMs?: number;
  /** When a job whose handler threw is tried again. Default: 10 s. */
  brokenHandlerDelayMs?: number;
  /** Completed jobs. Default: 7 days, 50,000. */
  completed?: Retention;
  /** Failed jobs. Default: 30 days, 50,000. */
  failed?: Retention;
}

/** A worker's side of the queue. */
export interface TaskWorker {
  /** Begins to take jobs. Resolves when it is connected. */
  run(): Promise<void>;
  /** Hands every held job back, untouched and within about a second, then closes. */
  drain(): Promise<void>;
  /** Aborts a job held here. false: it is not. */
  abort(jobId: string, reason: AbortReason): boolean;
  /** Ids of the jobs in handlers' hands. */
  held(): string[];
  /** false: for two minutes jobs have been waiting and none was taken although there is room. Asks Redis for at most a second. */
  isHealthy(): Promise<boolean>;
  /** Takes no more jobs, waits for the held ones, then closes. */
  close(): Promise<void>;
}

const DAY_MS = 86_400_000;
const REABORT_MS = 100;

const handBack = async (): Promise<JobEnd> => ({ type: "hand-back" });
const keep = ({ ageMs, count }: Retention) => ({ age: Math.ceil(ageMs / 1_000), count });

export function openTaskWorker(options: TaskWorkerOptions): TaskWorker {
  const { handle, concurrency, graceMs = 800, brokenHandlerDelayMs = 10_000 } = options;
  const onError = options.onError ?? (() => undefined);
  const flights = new Map<string, JobFlight>();
  let closing = false;

  // BullMQ hands the signal only to a processor that declares exactly three parameters.
  const processor = async (
    job: Job<JobData, void>,
    token: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void> => {
    const held = holdJob(job, error => onError(error, job.id));
    const flight = new JobFlight(job, token!, error => onError(error, job.id));
    flights.set(held.id, flight);
    try {
      // A closing worker can get one more job: its blocked fetch comes back after close() was called.
      await flight.run(closing ? handBack : () => handle(held, signal!), brokenHandlerDelayMs);
    } finally {
      flights.delete(held.id);
    }
  };
  if (processor.length !== 3)
    throw new WindlassError("WL_INTERNAL", "the processor of a task worker has to declare three parameters");

  const worker = new SingleFlightWorker(options.name ?? DEFAULT_QUEUE, processor, {
    connection: options.connection,
    prefix: options.prefix,
    name: options.workerName,
    concurrency,
    autorun: false,
    lockDuration: options.lockDurationMs ?? 60_000,
    stalledInterval: options.stalledIntervalMs ?? 15_000,
    // BullMQ never resets a job's count of stalls; how often infrastructure may end a try is counted in the record.
    maxStalledCount: 10_000,
    drainDelay: 5,
    runRetryDelay: 1_000,
    settings: { backoffStrategy: retryBackoff(onError) },
    removeOnComplete: keep(options.completed ?? { ageMs: 7 * DAY_MS, count: 50_000 }),
    removeOnFail: keep(options.failed ?? { ageMs: 30 * DAY_MS, count: 50_000 }),
    metrics: { maxDataPoints: MetricsTime.ONE_WEEK * 2 },
  });
  const pulse = new WorkerPulse({ hasRoom: () => flights.size < concurrency, hasWork: () => hasWork(worker.getBackend()) });
  worker.on("active", () => pulse.beat());
  worker.on("error", error => onError(error));
  worker.on("lockRenewalFailed", jobIds => {
    for (const id of jobIds) {
      worker.cancelJob(id, "lock-lost" satisfies AbortReason);
      flights.get(id)?.abandon("lock-lost", graceMs);
    }
  });

  return {
    async run() {
      await worker.waitUntilReady();
      worker.run().catch(error => onError(error));
    },

    async drain() {
      closing = true;
      const closed = worker.close();
      for (const flight of flights.values()) flight.abandon("drain", graceMs);
      const abort = () => worker.cancelAllJobs("drain" satisfies AbortReason);
      abort();
      // A job that was fetched before and is tracked only now has to hear of it too.
      const again = setInterval(abort, REABORT_MS);
      await closed.finally(() => clearInterval(again));
    },

    abort: (jobId, reason) => worker.cancelJob(jobId, reason),
    held: () => [...flights.keys()],
    // One that takes no more jobs is as it should be.
    isHealthy: async () => closing || (await pulse.isHealthy()),
    async close() {
      closing = true;
      await worker.close();
    },
  };
}

/** The job as its handler sees it. Throws an UnrecoverableError when its data are not a job's: nothing may be started for it. */
function holdJob(job: Job<JobData, void>, onError: (error: unknown) => void): HeldJob {
  const data = JobData.safeParse(job.data);
  if (!data.success) throw new UnrecoverableError(`not a job of Windlass: ${z.prettifyError(data.error)}`);
  return {
    id: job.id!,
    data: data.data,
    try: data.data.tryBase + job.attemptsMade + 1,
    epoch: job.attemptsStarted,
    progress: value => job.updateProgress(value).catch(onError),
    log: async line => {
      await job.log(line).catch(onError);
    },
  };
}
