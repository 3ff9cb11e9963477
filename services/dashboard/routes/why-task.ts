import { RunTaskParams } from "#contract/act.ts";
import { WhyReply } from "#contract/why.ts";
import { why } from "#core/why.ts";
import { ApiError } from "../http/api-error.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { readRun } from "../read-run.ts";
import { readWhyView } from "../why-view.ts";

export const whyTask = defineRoute({
  method: "get",
  path: "/api/v1/runs/:runId/tasks/:taskId/why",
  role: "viewer",
  summary: "Why a task runs or does not: every condition that is not met, with its values. The scheduler decides by the same.",
  params: RunTaskParams,
  query: NOTHING,
  body: NO_BODY,
  reply: WhyReply,
  async handle({ params: { runId, taskId } }, ports) {
    const { run, graph } = await readRun(runId, ports);
    const reasons = why(await readWhyView({ run, graph }, taskId, ports));
    if (reasons === undefined) throw new ApiError("WL_TASK_UNKNOWN", `run '${runId}' has no task '${taskId}'`);
    return { body: { reasons } };
  },
});
