import { RunDetailReply, RunParams, WaitQuery } from "#contract/run.ts";
import { isRunFinal } from "#core/run.ts";
import { defineRoute, NO_BODY } from "../http/route.ts";
import { readRunDetail } from "../replies/run-detail-reply.ts";
import { waitForRun } from "../wait-for-run.ts";
import { unknownRun } from "./unknown.ts";

export const showRun = defineRoute({
  method: "get",
  path: "/api/v1/runs/:runId",
  role: "viewer",
  summary: "One run with its tasks, their tries and what their workers last said.",
  params: RunParams,
  query: WaitQuery,
  body: NO_BODY,
  reply: RunDetailReply,
  statuses: [200, 202],
  async handle({ params: { runId }, query: { wait }, signal }, ports) {
    if (wait !== undefined) await waitForRun(runId, wait, ports, signal);
    const run = await ports.runs.getRun(runId);
    if (run === undefined) throw unknownRun(runId);
    const status = wait === undefined || isRunFinal(run.state) ? 200 : 202;
    return { status, body: await readRunDetail(run, ports) };
  },
});
