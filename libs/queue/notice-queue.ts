import { Queue, UnrecoverableError, Worker } from "bullmq";
import type { Redis } from "ioredis";
import { WindlassError } from "#core/errors.ts";
import { NoticeOrder } from "./notice-order.ts";

/** The queue of notices; any worker may take from it. */
export const NOTICE_QUEUE = "notices";

export interface NoticeQueueOptions {
  /** Stays the caller's. */
  connection: Redis;
  /** The same as the record's. */
  prefix: string;
  /** Connection errors; they heal by themselves. Default: ignored. */
  onError?: (error: unknown, id?: string) => void;
}

/** Notices on their way out, as the leader puts them in. */
export interface NoticeQueue {
  /** Puts them in; one whose id is there stays as it is. Throws WL_INTERNAL when one was refused. */
  add(orders: readonly NoticeOrder[]): Promise<void>;
  /** For Bull Board. */
  readonly bull: Queue<NoticeOrder, void>;
  close(): Promise<void>;
}

const DAY_S = 86_400;
/** 5 s, 10 s, … up to an hour: 16 tries are about seven hours. */
const ATTEMPTS = 16;
const FIRST_DELAY_MS = 5_000;
const LONGEST_DELAY_MS = 3_600_000;

/** The delay before the next try of a notice that did not go out. */
export const noticeBackoffMs = (attemptsMade: number): number =>
  Math.min(FIRST_DELAY_MS * 2 ** Math.max(attemptsMade - 1, 0), LONGEST_DELAY_MS);

export function openNoticeQueue({ connection, prefix, onError }: NoticeQueueOptions): NoticeQueue {
  const bull = new Queue<NoticeOrder, void>(NOTICE_QUEUE, { connection, prefix, skipMetasUpdate: true });
  bull.on("error", error => onError?.(error));
  return {
    bull,
    async add(orders) {
      const jobs = await bull.addBulk(
        orders.map(order => ({
          name: `${order.moment} ${order.notice.kind}`,
          data: order,
          opts: {
            jobId: order.id,
            attempts: ATTEMPTS,
            backoff: { type: "windlass" },
            removeOnComplete: { age: 7 * DAY_S, count: 10_000 },
            removeOnFail: { age: 30 * DAY_S, count: 10_000 },
          },
        })),
      );
      const refused = orders.filter((order, i) => jobs[i]?.id !== order.id);
      if (refused.length > 0) throw new WindlassError("WL_INTERNAL", `the queue refused notice '${refused[0]!.id}'`);
    },
    close: () => bull.close(),
  };
}

export interface NoticeWorkerOptions extends NoticeQueueOptions {
  /** Shown in Bull Board. */
  workerName: string;
  /** Sends one. Its rejection is a failed try; one of a {@link PermanentFailure} is the last. `isLast`: no further try follows. */
  deliver(order: NoticeOrder, signal: AbortSignal, isLast: boolean): Promise<void>;
  /** Default: 8. */
  concurrency?: number;
  /** A dead worker's notices go to others after this long and up to two stall checks more. Default: 60 s. */
  lockDurationMs?: number;
  /** Default: 15 s. */
  stalledIntervalMs?: number;
}

/** Thrown by a `deliver` that knows that repeating cannot help. */
export class PermanentFailure extends UnrecoverableError {}

export interface NoticeWorker {
  run(): Promise<void>;
  /** Takes no more, waits up to `graceMs` for those under way, and leaves the rest to other workers. */
  close(graceMs: number): Promise<void>;
}

export function openNoticeWorker(options: NoticeWorkerOptions): NoticeWorker {
  const {
    connection,
    prefix,
    workerName,
    deliver,
    concurrency = 8,
    onError,
    lockDurationMs = 60_000,
    stalledIntervalMs = 15_000,
  } = options;
  const worker = new Worker<NoticeOrder, void>(
    NOTICE_QUEUE,
    // BullMQ hands the signal only to a processor that declares exactly three parameters.
    async (job, _token, signal) => {
      const order = NoticeOrder.safeParse(job.data);
      if (!order.success) throw new UnrecoverableError("not a notice of Windlass");
      await deliver(order.data, signal!, job.attemptsMade + 1 >= (job.opts.attempts ?? 1));
    },
    {
      connection,
      prefix,
      name: workerName,
      concurrency,
      autorun: false,
      lockDuration: lockDurationMs,
      stalledInterval: stalledIntervalMs,
      // A worker that dies in the middle of a delivery is no failed delivery.
      maxStalledCount: 1_000,
      drainDelay: 5,
      settings: { backoffStrategy: noticeBackoffMs },
    },
  );
  worker.on("error", error => onError?.(error));
  worker.on("failed", (job, error) => onError?.(error, job?.id));
  return {
    async run() {
      await worker.waitUntilReady();
      worker.run().catch(error => onError?.(error));
    },
    async close(graceMs) {
      const timer = setTimeout(() => worker.cancelAllJobs("drain"), graceMs);
      await worker.close().finally(() => clearTimeout(timer));
    },
  };
}
