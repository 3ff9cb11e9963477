import { AirflowDag } from "#contract/airflow/dag.ts";
import { NO_BODY, NOTHING } from "../../http/route.ts";
import { readDagFacts } from "../dag-facts.ts";
import { defineOperation } from "../operation.ts";
import { DagPath } from "../params.ts";
import { airflowDag } from "../replies/dag-reply.ts";

export const showDag = defineOperation({
  operation: "get_dag",
  ours: "`GET /api/v1/dags/:dagId`",
  method: "get",
  path: "/api/v2/dags/:dagId",
  role: "viewer",
  summary: "One DAG.",
  params: DagPath,
  query: NOTHING,
  body: NO_BODY,
  reply: AirflowDag,
  async handle({ params: { dagId } }, ports) {
    return { body: airflowDag(await readDagFacts(dagId, ports)) };
  },
});
