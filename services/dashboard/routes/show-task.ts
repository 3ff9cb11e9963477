import { RunTaskParams } from "#contract/act.ts";
import { TaskReply } from "#contract/run.ts";
import { ApiError } from "../http/api-error.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { readRunTasks } from "../replies/run-tasks-reply.ts";
import { unknownRun } from "./unknown.ts";

export const showTask = defineRoute({
  method: "get",
  path: "/api/v1/runs/:runId/tasks/:taskId",
  role: "viewer",
  summary: "One task of a run, or an instance of a mapped one, with its tries.",
  params: RunTaskParams,
  query: NOTHING,
  body: NO_BODY,
  reply: TaskReply,
  async handle({ params: { runId, taskId } }, ports) {
    const run = await ports.runs.getRun(runId);
    if (run === undefined) throw unknownRun(runId);
    const task = (await readRunTasks(run, ports)).find(({ id }) => id === taskId);
    if (task === undefined) throw new ApiError("WL_TASK_UNKNOWN", `run '${runId}' has no task '${taskId}'`);
    return { body: task.reply() };
  },
});
