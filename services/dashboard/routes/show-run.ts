import { RunDetailReply, RunParams } from "#contract/run.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { readRunDetail } from "../replies/run-detail-reply.ts";
import { unknownRun } from "./unknown.ts";

export const showRun = defineRoute({
  method: "get",
  path: "/api/v1/runs/:runId",
  summary: "One run with its tasks, their tries and what their workers last said.",
  params: RunParams,
  query: NOTHING,
  body: NO_BODY,
  reply: RunDetailReply,
  async handle({ params: { runId } }, ports) {
    const run = await ports.runs.getRun(runId);
    if (run === undefined) throw unknownRun(runId);
    return { body: await readRunDetail(run, ports) };
  },
});
