import { ActReply, RunTaskParams } from "#contract/act.ts";
import { isLive } from "#core/run.ts";
import { ApiError } from "../http/api-error.ts";
import { defineRoute, NOTHING } from "../http/route.ts";
import { requestAct } from "../request-act.ts";
import { findTask } from "./find-task.ts";

export const stopRetrying = defineRoute({
  method: "post",
  path: "/api/v1/runs/:runId/tasks/:taskId/stop-retrying",
  role: "operator",
  summary: "Lets no further try begin: a task that waits for one has failed; a try that runs may end as it will.",
  params: RunTaskParams,
  query: NOTHING,
  body: NOTHING,
  reply: ActReply,
  statuses: [202],
  idempotent: "kept",
  async handle({ params: { runId, taskId }, caller: { name: by } }, ports) {
    const { state } = await findTask(runId, taskId, ports);
    if (!isLive(state)) throw new ApiError("WL_TASK_STATE", `task '${taskId}' is ${state}: no try of it is to come`);
    return requestAct(runId, { type: "stopRetrying", tasks: [taskId] }, by, ports);
  },
});
