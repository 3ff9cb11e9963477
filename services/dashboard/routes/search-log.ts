import { LogParams } from "#contract/log.ts";
import { LogSearchQuery, LogSearchReply } from "#contract/log-lines.ts";
import { defineRoute, NO_BODY } from "../http/route.ts";
import { chooseLog } from "../logs/choose-log.ts";
import { findTask } from "./find-task.ts";
import { noLog } from "./task-logs.ts";

export const searchLog = defineRoute({
  method: "get",
  path: "/api/v1/runs/:runId/tasks/:taskId/logs/search",
  role: "viewer",
  summary: "Which lines of a container's log have a text.",
  params: LogParams,
  query: LogSearchQuery,
  body: NO_BODY,
  reply: LogSearchReply,
  async handle({ params: { runId, taskId }, query: { q, ...which }, signal }, ports) {
    const task = await findTask(runId, taskId, ports);
    const ref = await chooseLog({ runId, taskId }, { ...which, follow: false }, task, ports);
    const found = await ports.logLines.search(ref, q, signal);
    if (found === undefined) throw noLog(ref, task);
    return { body: found };
  },
});
