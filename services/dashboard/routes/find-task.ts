import { NOT_STARTED, type TaskRun } from "#core/run.ts";
import { ApiError } from "../http/api-error.ts";
import type { Ports } from "../ports.ts";
import { unknownRun } from "./unknown.ts";

/** The record of a task, also of one that has not begun. @throws ApiError when there is no such run or task */
export async function findTask(runId: string, taskId: string, { runs, dags }: Ports): Promise<TaskRun> {
  // Not the whole run: it may have thousands of tasks.
  const task = await runs.getTask(runId, taskId);
  if (task !== undefined) return task;
  const run = await runs.getSummary(runId);
  if (run === undefined) throw unknownRun(runId);
  const spec = await dags.getSpec(run.version);
  if (spec?.tasks.some(({ id }) => id === taskId)) return NOT_STARTED;
  throw new ApiError("WL_TASK_UNKNOWN", `run '${runId}' has no task '${taskId}'`);
}
