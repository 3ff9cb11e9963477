import type { Queue } from "bullmq";

/** What a queue asks of its workers. */
export interface QueueDemand {
  /** Jobs in a worker's hands. */
  active: number;
  /** Jobs that wait for a worker. */
  waiting: number;
  /** Jobs that wait for their time: a retry's delay, the next look of a wait. */
  delayed: number;
  isPaused: boolean;
  /** When the oldest of the jobs that are next in line was made. Absent: none waits. */
  oldestAt?: number;
}

/** Jobs of one priority stand in the order of their making; so many of the first are asked when. */
const LOOKED_AT = 100;

/** Counts and the age of what waits, in two round trips however long the queue is. */
export async function demandOf(queue: Queue): Promise<QueueDemand> {
  const [counts, isPaused, next] = await Promise.all([
    queue.getJobCounts("wait", "prioritized", "active", "delayed"),
    queue.isPaused(),
    queue.getJobs(["wait", "prioritized"], 0, LOOKED_AT - 1, true),
  ]);
  const { wait = 0, prioritized = 0, active = 0, delayed = 0 } = counts;
  // A job may leave between the list and its reading.
  const madeAt = next.flatMap(job => (job === undefined ? [] : [job.timestamp]));
  return {
    active,
    waiting: wait + prioritized,
    delayed,
    isPaused,
    ...(madeAt.length === 0 ? {} : { oldestAt: Math.min(...madeAt) }),
  };
}
