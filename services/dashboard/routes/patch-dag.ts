import { DagParams, DagReply, PatchDagBody } from "#contract/dag.ts";
import { defineRoute, NOTHING } from "../http/route.ts";
import { dagReply } from "../replies/dag-reply.ts";
import { showDag } from "./show-dag.ts";
import { unknownDag } from "./unknown.ts";

export const patchDag = defineRoute({
  method: "patch",
  path: "/api/v1/dags/:dagId",
  role: "operator",
  summary: "Pauses or unpauses the schedule of a DAG.",
  params: DagParams,
  query: NOTHING,
  body: PatchDagBody,
  reply: DagReply,
  edits: showDag,
  async handle({ params: { dagId }, body: { paused } }, { dags }) {
    if (!(await dags.setPaused(dagId, paused))) throw unknownDag(dagId);
    const row = await dags.getDag(dagId);
    if (row === undefined) throw unknownDag(dagId);
    return { body: dagReply(row) };
  },
});
