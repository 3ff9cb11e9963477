import { AirflowDagRunCollection } from "#contract/airflow/dag-run.ts";
import { NO_BODY, NOTHING } from "../../http/route.ts";
import { readDagFacts } from "../dag-facts.ts";
import { defineOperation } from "../operation.ts";
import { DagPath } from "../params.ts";
import { readRunPage } from "../read-run-page.ts";
import { RunListQuery } from "../run-list.ts";

const operation = {
  operation: "get_dag_runs",
  ours: "`GET /api/v1/runs?dagId=`",
  method: "get",
  role: "viewer",
  summary: "Runs, oldest first, a page at a time.",
  query: RunListQuery,
  body: NO_BODY,
  reply: AirflowDagRunCollection,
} as const;

export const listRuns = defineOperation({
  ...operation,
  differs: "of the DAG's 5,000 youngest runs. Not: `cursor`, `updated_at_*`, `dag_version` and filters by partition or asset",
  path: "/api/v2/dags/:dagId/dagRuns",
  params: DagPath,
  async handle({ params: { dagId }, query }, ports) {
    await readDagFacts(dagId, ports);
    return { body: await readRunPage({ query, dagId }, ports) };
  },
});

export const listAllRuns = defineOperation({
  ...operation,
  differs: "of the 5,000 youngest runs of all DAGs",
  path: "/api/v2/dags/~/dagRuns",
  params: NOTHING,
  async handle({ query, caller }, ports) {
    return { body: await readRunPage({ query, isMeant: ({ dagId }) => caller.mayRead(dagId) }, ports) };
  },
});
