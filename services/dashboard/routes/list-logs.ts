import { LogListReply, LogParams } from "#contract/log.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { links } from "../links.ts";
import { findTask } from "./find-task.ts";

export const listLogs = defineRoute({
  method: "get",
  path: "/api/v1/runs/:runId/tasks/:taskId/logs/containers",
  role: "viewer",
  summary: "Which containers of a task's tries have a log.",
  params: LogParams,
  query: NOTHING,
  body: NO_BODY,
  reply: LogListReply,
  async handle({ params: { runId, taskId } }, ports) {
    await findTask(runId, taskId, ports);
    const logs = await ports.logs.list(runId, taskId);
    const link = (log: (typeof logs)[number]) => links.logs(runId, taskId, log.try, log.infra, log.container);
    return { body: { logs: logs.map(log => ({ ...log, links: { log: link(log) } })) } };
  },
});
