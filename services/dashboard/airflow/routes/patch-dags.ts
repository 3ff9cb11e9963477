import { AirflowDagCollection, AirflowDagPatch } from "#contract/airflow/dag.ts";
import { NOTHING } from "../../http/route.ts";
import { factsOfDag } from "../dag-facts.ts";
import { BulkDagQuery, pickDags } from "../dag-list.ts";
import { defineOperation } from "../operation.ts";
import { airflowDag } from "../replies/dag-reply.ts";

export const patchDags = defineOperation({
  operation: "patch_dags",
  ours: "`PATCH /api/v1/dags/:dagId`, one by one",
  differs: "only those that the caller may pause, and one page of them (`limit`)",
  method: "patch",
  path: "/api/v2/dags",
  role: "operator",
  namesDagElsewhere: true,
  summary: "Pauses or unpauses the DAGs that `dag_id_pattern` and the other filters name.",
  params: NOTHING,
  query: BulkDagQuery,
  body: AirflowDagPatch,
  reply: AirflowDagCollection,
  async handle({ query, body: { is_paused }, caller: { mayAct } }, ports) {
    const { page, total } = await pickDags(query, mayAct, ports);
    await Promise.all(page.map(row => ports.dags.setPaused(row.id, is_paused)));
    const facts = await Promise.all(page.map(row => factsOfDag({ ...row, paused: is_paused }, ports)));
    return { body: { dags: facts.filter(one => one !== undefined).map(airflowDag), total_entries: total } };
  },
});
