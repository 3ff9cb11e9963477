import { ActReply, RunTaskParams } from "#contract/act.ts";
import { type TaskState, taskOf } from "#core/run.ts";
import { selectTasks } from "#core/select-tasks.ts";
import { ApiError } from "../http/api-error.ts";
import { defineRoute, NOTHING } from "../http/route.ts";
import { readRun } from "../read-run.ts";
import { requestAct } from "../request-act.ts";
import { refuseUnknownTasks } from "./unknown.ts";

const WAITING: ReadonlySet<TaskState> = new Set(["up_for_retry", "restarting", "deferred"]);
const ENDED_BADLY: ReadonlySet<TaskState> = new Set(["failed", "upstream_failed", "cancelled"]);

export const retryTask = defineRoute({
  method: "post",
  path: "/api/v1/runs/:runId/tasks/:taskId/retry",
  role: "operator",
  summary: "Starts the next try now, without its delay. A task that has failed for good is cleared.",
  params: RunTaskParams,
  query: NOTHING,
  body: NOTHING,
  reply: ActReply,
  statuses: [202],
  idempotent: "kept",
  async handle({ params: { runId, taskId }, caller: { name: by } }, ports) {
    const { run, graph } = await readRun(runId, ports);
    refuseUnknownTasks([taskId], run, graph);
    const { state } = taskOf(run, taskId);
    if (WAITING.has(state)) return requestAct(runId, { type: "retryNow", tasks: [taskId] }, by, ports);
    if (!ENDED_BADLY.has(state))
      throw new ApiError("WL_TASK_STATE", `task '${taskId}' is ${state}: it waits for no retry and has not failed`);
    await ports.dags.putSpec(run.version, graph.spec);
    return requestAct(runId, { type: "clear", tasks: selectTasks(graph, run, { tasks: [taskId] }) }, by, ports);
  },
});
