import { AirflowDagRun } from "#contract/airflow/dag-run.ts";
import { NO_BODY, NOTHING } from "../../http/route.ts";
import { defineOperation } from "../operation.ts";
import { RunPath } from "../params.ts";
import { readSummary } from "../read-run-facts.ts";
import { readRunReply } from "../read-run-reply.ts";

export const showRun = defineOperation({
  operation: "get_dag_run",
  ours: "`GET /api/v1/runs/:runId`",
  method: "get",
  path: "/api/v2/dags/:dagId/dagRuns/:dagRunId",
  role: "viewer",
  summary: "One run.",
  params: RunPath,
  query: NOTHING,
  body: NO_BODY,
  reply: AirflowDagRun,
  async handle({ params }, ports) {
    return { body: await readRunReply(await readSummary(params, ports), ports) };
  },
});
