import { CancelReply, RunParams } from "#contract/run.ts";
import { defineRoute, NOTHING } from "../http/route.ts";
import { runLinks } from "../replies/run-reply.ts";
import { unknownRun } from "./unknown.ts";

export const cancelRun = defineRoute({
  method: "post",
  path: "/api/v1/runs/:runId/cancel",
  role: "operator",
  summary: "Asks for the end of a run: pods are deleted, what has not started never starts. Harmless when repeated.",
  params: RunParams,
  query: NOTHING,
  body: NOTHING,
  reply: CancelReply,
  statuses: [200, 202],
  idempotent: "kept",
  async handle({ params: { runId }, caller: { name: by } }, { runs, now }) {
    const result = await runs.requestCancel(runId, { at: now(), by });
    if (result === "unknown") throw unknownRun(runId);
    return { status: result === "ended" ? 200 : 202, body: { id: runId, result, links: runLinks(runId) } };
  },
});
