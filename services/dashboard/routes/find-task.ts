import { type Run, type TaskRun, taskOf } from "#core/run.ts";
import { ApiError } from "../http/api-error.ts";
import type { Ports } from "../ports.ts";
import { unknownRun } from "./unknown.ts";

/** The record of a task, also of one that has not begun. @throws ApiError when there is no such run or task */
export async function findTask(runId: string, taskId: string, { runs, dags }: Ports): Promise<TaskRun> {
  const run = await runs.getRun(runId);
  if (run === undefined) throw unknownRun(runId);
  if (!run.tasks.has(taskId) && !(await isInSpec(run, taskId, dags))) {
    throw new ApiError("WL_TASK_UNKNOWN", `run '${runId}' has no task '${taskId}'`);
  }
  return taskOf(run, taskId);
}

async function isInSpec(run: Run, taskId: string, dags: Ports["dags"]): Promise<boolean> {
  const spec = await dags.getSpec(run.version);
  return spec?.tasks.some(task => task.id === taskId) ?? false;
}
