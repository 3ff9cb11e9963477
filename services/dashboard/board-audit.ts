import { jobParts } from "#core/ids.ts";
import type { TaskQueue } from "#queue/task-queue.ts";
import type { TaskQueues } from "#queue/task-queues.ts";
import type { ActStore } from "#state/act-store.ts";

/** What somebody is about to do on the board. */
export interface BoardAct {
  by: string;
  /** "board.retry", "board.promote", … */
  type: string;
  queue?: string;
  /** Absent: all jobs of `state`. */
  jobId?: string;
  /** The state of the jobs that are meant, in BullMQ's words. */
  state?: string;
  /** As the board asks it: method and path. */
  request: string;
}

export interface BoardAuditDeps {
  acts: Pick<ActStore, "audit" | "record">;
  /** Ids of up to `limit` jobs of a queue in a state. */
  jobsIn(queue: string, state: string, limit: number): Promise<readonly string[]>;
  now(): number;
}

type QueueState = Parameters<TaskQueue["bull"]["getRanges"]>[0][number];

/** Reads the ids of jobs from the queues that the board shows. */
export const jobsOf =
  ({ of }: Pick<TaskQueues, "of">): BoardAuditDeps["jobsIn"] =>
  (queue, state, limit) =>
    of(queue).bull.getRanges([state as QueueState], 0, limit - 1);

/** The installation's own history names the act in any case; so many runs are told one by one. */
const MOST_RUNS = 1_000;

/** Writes what people do on the board into the installation's history, and into those of the runs it is done to. */
export function boardAudit({ acts, jobsIn, now }: BoardAuditDeps): (act: BoardAct) => Promise<void> {
  return async ({ state, ...act }) => {
    const { by, type, queue, jobId } = act;
    const at = now();
    await acts.audit({ at, ...act });
    const jobs =
      jobId !== undefined ? [jobId] : queue === undefined || state === undefined ? [] : await jobsIn(queue, state, MOST_RUNS);
    await Promise.all(
      jobs.map(id => {
        const { runId, taskId, gen } = jobParts(id);
        // A job of another shape belongs to no run.
        return gen > 0 ? acts.record(runId, { at, type, by, taskId, jobId: id }) : false;
      }),
    );
  };
}
