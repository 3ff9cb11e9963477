import { ActReply, MarkRunBody } from "#contract/act.ts";
import { RunParams } from "#contract/run.ts";
import { defineRoute, NOTHING } from "../http/route.ts";
import { requestAct } from "../request-act.ts";

export const markRun = defineRoute({
  method: "post",
  path: "/api/v1/runs/:runId/mark",
  role: "operator",
  summary: "Ends a run as success or failed, whatever its tasks say; what runs of it is stopped.",
  params: RunParams,
  query: NOTHING,
  body: MarkRunBody,
  reply: ActReply,
  statuses: [202],
  idempotent: "kept",
  async handle({ params: { runId }, body: { state }, caller: { name: by } }, ports) {
    return requestAct(runId, { type: "markRun", state }, by, ports);
  },
});
