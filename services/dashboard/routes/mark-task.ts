import { ActReply, MarkTaskBody, RunTaskParams } from "#contract/act.ts";
import { defineRoute, NOTHING } from "../http/route.ts";
import { requestAct } from "../request-act.ts";
import { findTask } from "./find-task.ts";

export const markTask = defineRoute({
  method: "post",
  path: "/api/v1/runs/:runId/tasks/:taskId/mark",
  role: "operator",
  summary: "Ends a task as success, failed or skipped, so that what hangs on it goes on; its pod is stopped.",
  params: RunTaskParams,
  query: NOTHING,
  body: MarkTaskBody,
  reply: ActReply,
  statuses: [202],
  idempotent: "kept",
  async handle({ params: { runId, taskId }, body: { state }, caller: { name: by } }, ports) {
    await findTask(runId, taskId, ports);
    return requestAct(runId, { type: "mark", tasks: [taskId], state }, by, ports);
  },
});
