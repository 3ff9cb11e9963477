import { jobParts } from "#core/ids.ts";
import { type TaskRun, type TaskState, taskOf } from "#core/run.ts";
import { selectTasks } from "#core/select-tasks.ts";
import type { TaskQueue } from "#queue/task-queue.ts";
import type { TaskQueues } from "#queue/task-queues.ts";
import type { Ports } from "./ports.ts";
import { readRun } from "./read-run.ts";
import { requestAct } from "./request-act.ts";

/** What people mean when they move a job on the board: the same as on a task's page. */
export type BoardVerb = "retry" | "promote";

/** Tasks whose jobs may be moved so. */
const MOVABLE: Readonly<Record<BoardVerb, ReadonlySet<TaskState>>> = {
  retry: new Set(["success", "failed", "upstream_failed", "skipped", "cancelled"]),
  promote: new Set(["up_for_retry", "restarting", "deferred"]),
};

type QueueState = Parameters<TaskQueue["bull"]["getRanges"]>[0][number];

/** More than people move at once. */
const MOST_JOBS = 10_000;

/** The ids of the queue's jobs in a state, in BullMQ's word for it. */
export const jobsIn = ({ of }: Pick<TaskQueues, "of">, queue: string, state: string): Promise<readonly string[]> =>
  of(queue).bull.getRanges([state as QueueState], 0, MOST_JOBS - 1);

/**
 * Asks the leader for what BullMQ would do at once: its own Retry would pass pools and limits, and know nothing of the run.
 * @returns the number of tasks it is done to; jobs that are not their task's present one are left alone
 */
export async function actOnJobs(verb: BoardVerb, jobIds: readonly string[], by: string, ports: Ports): Promise<number> {
  const jobs = jobIds.map(jobParts).filter(({ gen }) => gen > 0);
  let count = 0;
  for (const [runId, own] of Map.groupBy(jobs, job => job.runId)) count += await actOnRun(verb, runId, own, by, ports);
  return count;
}

async function actOnRun(
  verb: BoardVerb,
  runId: string,
  jobs: readonly { taskId: string; gen: number }[],
  by: string,
  ports: Ports,
): Promise<number> {
  if ((await ports.runs.getSummary(runId)) === undefined) return 0;
  const { run, graph } = await readRun(runId, ports);
  const isMeant = ({ state, gen }: TaskRun, job: { gen: number }): boolean => gen === job.gen && MOVABLE[verb].has(state);
  const tasks = jobs.filter(job => isMeant(taskOf(run, job.taskId), job)).map(({ taskId }) => taskId);
  if (tasks.length === 0) return 0;
  if (verb === "promote") {
    await requestAct(runId, { type: "retryNow", tasks }, by, ports);
    return tasks.length;
  }
  // For as long as the run goes on now: its end may be further away than the version's.
  await ports.dags.putSpec(run.version, graph.spec);
  await requestAct(runId, { type: "clear", tasks: selectTasks(graph, run, { tasks }) }, by, ports);
  return tasks.length;
}
