import { AirflowDagDetails } from "#contract/airflow/dag.ts";
import { NO_BODY, NOTHING } from "../../http/route.ts";
import { readDagFacts } from "../dag-facts.ts";
import { defineOperation } from "../operation.ts";
import { DagPath } from "../params.ts";
import { readVersions } from "../read-run-facts.ts";
import { airflowDagDetails } from "../replies/dag-reply.ts";

export const showDagDetails = defineOperation({
  operation: "get_dag_details",
  ours: "`GET /api/v1/dags/:dagId`",
  differs: "`default_args`, `doc_md`, `asset_expression` and `owner_links` are null",
  method: "get",
  path: "/api/v2/dags/:dagId/details",
  role: "viewer",
  summary: "One DAG with its options and parameters.",
  params: DagPath,
  query: NOTHING,
  body: NO_BODY,
  reply: AirflowDagDetails,
  async handle({ params: { dagId } }, ports) {
    const [facts, versions, live] = await Promise.all([
      readDagFacts(dagId, ports),
      readVersions(dagId, ports),
      ports.live.liveRuns(),
    ]);
    const activeRuns = live.filter(runId => runId.startsWith(`${dagId}~`)).length;
    return { body: airflowDagDetails(facts, { version: versions.get(facts.row.version), activeRuns }) };
  },
});
