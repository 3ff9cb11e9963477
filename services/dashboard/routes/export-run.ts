import { RunParams } from "#contract/run.ts";
import { exportRun as linesOf } from "#state/export-run.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { unknownRun } from "./unknown.ts";

export const exportRun = defineRoute({
  method: "get",
  path: "/api/v1/runs/:runId/export",
  role: "viewer",
  summary: "All that is known of a run as NDJSON: run, tasks, tries, results, notes and history.",
  params: RunParams,
  query: NOTHING,
  body: NO_BODY,
  reply: "stream",
  produces: ["application/x-ndjson"],
  async handle({ params: { runId } }, { runs }) {
    if ((await runs.getSummary(runId)) === undefined) throw unknownRun(runId);
    return { contentType: "application/x-ndjson", stream: linesOf(runs, runId) };
  },
});
