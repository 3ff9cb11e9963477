import { z } from "zod";
import { AirflowDag, AirflowDagPatch } from "#contract/airflow/dag.ts";
import { readDagFacts } from "../dag-facts.ts";
import { defineOperation } from "../operation.ts";
import { DagPath } from "../params.ts";
import { airflowQuery, Many } from "../query.ts";
import { airflowDag } from "../replies/dag-reply.ts";

export const patchDag = defineOperation({
  operation: "patch_dag",
  ours: "`PATCH /api/v1/dags/:dagId`",
  method: "patch",
  path: "/api/v2/dags/:dagId",
  role: "operator",
  summary: "Pauses or unpauses a DAG.",
  params: DagPath,
  query: airflowQuery({ update_mask: Many.pipe(z.array(z.literal("is_paused"))).optional() }),
  body: AirflowDagPatch,
  reply: AirflowDag,
  async handle({ params: { dagId }, body: { is_paused } }, ports) {
    await readDagFacts(dagId, ports);
    await ports.dags.setPaused(dagId, is_paused);
    return { body: airflowDag(await readDagFacts(dagId, ports)) };
  },
});
