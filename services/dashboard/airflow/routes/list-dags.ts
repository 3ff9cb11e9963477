import { AirflowDagCollection } from "#contract/airflow/dag.ts";
import { NO_BODY, NOTHING } from "../../http/route.ts";
import { factsOfDag } from "../dag-facts.ts";
import { DagListQuery, pickDags } from "../dag-list.ts";
import { defineOperation } from "../operation.ts";
import { airflowDag } from "../replies/dag-reply.ts";

export const listDags = defineOperation({
  operation: "get_dags",
  ours: "`GET /api/v1/dags`",
  differs: "`exclude_stale=false` adds DAGs whose files were deleted. Not: filters by last runs, assets, favourites and bundles",
  method: "get",
  path: "/api/v2/dags",
  role: "viewer",
  summary: "DAGs, a page at a time.",
  params: NOTHING,
  query: DagListQuery,
  body: NO_BODY,
  reply: AirflowDagCollection,
  async handle({ query, caller }, ports) {
    const { page, total } = await pickDags(query, caller.mayRead, ports);
    const facts = await Promise.all(page.map(row => factsOfDag(row, ports)));
    return { body: { dags: facts.filter(one => one !== undefined).map(airflowDag), total_entries: total } };
  },
});
