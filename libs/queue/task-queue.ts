import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { WindlassError } from "#core/errors.ts";
import { DEFAULT_QUEUE } from "#core/queue-name.ts";
import { priorityOf } from "#core/weight.ts";
import type { JobData } from "./job-data.ts";
import type { JobOrder } from "./job-order.ts";
import { demandOf, type QueueDemand } from "./queue-demand.ts";
import { backoffOf } from "./retry-backoff.ts";

export type { JobOrder } from "./job-order.ts";

export interface TaskQueueOptions {
  /** Stays the caller's. On the leader it is the one its commits go through, so that jobs follow their commit. */
  connection: Redis;
  /** The same as the record's. */
  prefix: string;
  /** Default: pods. */
  name?: string;
  /** Connection errors of the queue. They heal by themselves. Default: ignored. */
  onError?: (error: Error) => void;
}

/** `waiting`: whether it waits by its priority, or before all others because a worker gave it back. */
export type JobState = "waiting" | "active" | "delayed" | "completed" | "failed" | "missing";

const MANY = 100;

/** Every job has a priority: without one it would go before all that have. */
const USUAL_PRIORITY = priorityOf(1);

/** BullMQ's words that are not ours. */
const STATES: Readonly<Record<string, JobState>> = { unknown: "missing", prioritized: "waiting", paused: "waiting" };

/** Jobs by state. */
export type JobCounts = Readonly<Record<Exclude<JobState, "missing">, number>>;

/** The queue as leader and dashboard see it. */
export interface TaskQueue {
  /**
   * Puts the jobs in; those whose id is there already stay as they are. Sends its commands at once, in one batch.
   * Throws WL_INTERNAL when BullMQ refused one of them; the others are in.
   */
  add(orders: readonly JobOrder[]): Promise<void>;
  /** `held`: a worker has it, and it stays. */
  remove(jobId: string): Promise<"removed" | "held" | "missing">;
  /** Starts a job now that waits for its delay. false: it does not wait for one. */
  promote(jobId: string): Promise<boolean>;
  states(jobIds: readonly string[]): Promise<Map<string, JobState>>;
  counts(): Promise<JobCounts>;
  demand(): Promise<QueueDemand>;
  /** A paused queue gives out no jobs; those in workers' hands go on. */
  setPaused(paused: boolean): Promise<void>;
  /** For Bull Board. */
  readonly bull: Queue<JobData, void>;
  close(): Promise<void>;
}

export function openTaskQueue({ connection, prefix, name = DEFAULT_QUEUE, onError }: TaskQueueOptions): TaskQueue {
  const bull = new Queue<JobData, void>(name, {
    connection,
    prefix,
    // A queue that writes its settings would overrule those of every other process.
    skipMetasUpdate: true,
    defaultJobOptions: { keepLogs: 200, stackTraceLimit: 0, sizeLimit: 16_384 },
  });
  bull.on("error", error => onError?.(error));

  /** BullMQ searches its lists for every job it is asked for. For many jobs it is cheaper to read the lists once. */
  async function listedStates(asked: number): Promise<Map<string, JobState>> {
    if (asked < MANY) return new Map();
    const [active = [], wait = [], prioritized = []] = await bull
      .getBackend()
      .getRanges(["active", "wait", "prioritized"], 0, -1);
    const waiting = [...wait, ...prioritized];
    return new Map([...waiting.map(id => [id, "waiting"] as const), ...active.map(id => [id, "active"] as const)]);
  }

  return {
    bull,

    async add(orders) {
      const jobs = await bull.addBulk(
        orders.map(({ jobId, data, attempts, retry, priority = USUAL_PRIORITY }) => ({
          name: data.dag,
          data,
          opts: { jobId, attempts, backoff: backoffOf(retry), priority },
        })),
      );
      // BullMQ returns the error code of a refused job in the place of its id.
      const refused = orders.filter((order, i) => jobs[i]?.id !== order.jobId);
      if (refused.length > 0) {
        throw new WindlassError("WL_INTERNAL", `the queue refused ${refused.length} jobs, the first is '${refused[0]!.jobId}'`);
      }
    },

    async remove(jobId) {
      if ((await bull.getJobState(jobId)) === "unknown") return "missing";
      return (await bull.remove(jobId)) === 1 ? "removed" : "held";
    },

    async promote(jobId) {
      if ((await bull.getJobState(jobId)) !== "delayed") return false;
      const job = await bull.getJob(jobId);
      await job?.promote();
      return job !== undefined;
    },

    async states(jobIds) {
      const states = await listedStates(jobIds.length);
      const others = jobIds.filter(id => !states.has(id));
      const found = await Promise.all(others.map(id => bull.getJobState(id)));
      for (const [i, id] of others.entries()) states.set(id, STATES[found[i]!] ?? (found[i] as JobState));
      return new Map(jobIds.map(id => [id, states.get(id)!]));
    },

    async counts() {
      const { waiting, prioritized, ...others } = await bull.getJobCounts(
        "waiting",
        "prioritized",
        "active",
        "delayed",
        "completed",
        "failed",
      );
      return { ...others, waiting: waiting! + prioritized! } as JobCounts;
    },

    demand: () => demandOf(bull),
    setPaused: paused => (paused ? bull.pause() : bull.resume()),

    async close() {
      await bull.close();
    },
  };
}
