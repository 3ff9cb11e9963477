import { LogParams } from "#contract/log.ts";
import { LogLinesQuery, LogLinesReply } from "#contract/log-lines.ts";
import { defineRoute, NO_BODY } from "../http/route.ts";
import { chooseLog } from "../logs/choose-log.ts";
import { findTask } from "./find-task.ts";
import { noLog } from "./task-logs.ts";

export const logLines = defineRoute({
  method: "get",
  path: "/api/v1/runs/:runId/tasks/:taskId/logs/lines",
  role: "viewer",
  summary: "A stretch of a container's log by line numbers.",
  params: LogParams,
  query: LogLinesQuery,
  body: NO_BODY,
  reply: LogLinesReply,
  async handle({ params: { runId, taskId }, query: { from, count, ...which } }, ports) {
    const task = await findTask(runId, taskId, ports);
    const ref = await chooseLog({ runId, taskId }, { ...which, follow: false }, task, ports);
    const window = await ports.logLines.window(ref, from, count);
    if (window === undefined) throw noLog(ref, task);
    return { body: { try: ref.try, infra: ref.infra, container: ref.container, ...window } };
  },
});
