import { instantField } from "#contract/instant.ts";
import type { LiveTaskListReply } from "#contract/live-task.ts";
import type { Run, TaskRun, TaskState } from "#core/run.ts";
import type { Ports } from "../ports.ts";
import type { RunLine } from "./run-lines.ts";

/** Runs whose tasks are looked at. */
const MOST_RUNS = 200;
const READ_AT_ONCE = 10;

/** What nobody looks for in a list of what goes on. */
const LEFT_OUT: ReadonlySet<TaskState> = new Set(["none", "success", "skipped", "cancelled", "upstream_failed", "mapped"]);

/** Tasks that run, wait or have failed, in the given runs. */
export async function liveTasks(
  lines: readonly RunLine[],
  { state, limit }: { state?: TaskState | undefined; limit: number },
  runs: Pick<Ports["runs"], "getRun">,
): Promise<LiveTaskListReply> {
  const looked = lines.slice(0, MOST_RUNS);
  const found: LiveTaskListReply["tasks"] = [];
  const counts: Partial<Record<TaskState, number>> = {};
  for (let i = 0; i < looked.length; i += READ_AT_ONCE) {
    for (const run of await Promise.all(looked.slice(i, i + READ_AT_ONCE).map(({ id }) => runs.getRun(id)))) {
      for (const [taskId, task] of run?.tasks ?? []) {
        if (LEFT_OUT.has(task.state)) continue;
        counts[task.state] = (counts[task.state] ?? 0) + 1;
        if ((state === undefined || state === task.state) && found.length < limit) found.push(lineOf(run!, taskId, task));
      }
    }
  }
  return { tasks: found, counts, isPartial: lines.length > looked.length };
}

function lineOf({ id, dagId }: Run, taskId: string, task: TaskRun): LiveTaskListReply["tasks"][number] {
  const { state, outcome, worker } = task;
  return {
    runId: id,
    dagId,
    taskId,
    state,
    try: task.try,
    ...instantField("sinceAt", sinceOf(task)),
    ...instantField("retryAt", state === "up_for_retry" || state === "restarting" ? task.retryAt : undefined),
    ...(worker === undefined ? {} : { worker }),
    ...(outcome === undefined || state === "running" ? {} : { code: outcome.code, message: outcome.message }),
  };
}

const SINCE: Readonly<Partial<Record<TaskState, (task: TaskRun) => number | undefined>>> = {
  scheduled: ({ readyAt }) => readyAt,
  queued: ({ queuedAt }) => queuedAt,
  running: ({ startedAt }) => startedAt,
  deferred: ({ startedAt }) => startedAt,
};

const sinceOf = (task: TaskRun): number | undefined => SINCE[task.state]?.(task) ?? task.endedAt;
