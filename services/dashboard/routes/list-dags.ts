import { DagListReply } from "#contract/dag.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { dagReply } from "../replies/dag-reply.ts";

export const listDags = defineRoute({
  method: "get",
  path: "/api/v1/dags",
  summary: "All DAGs by id.",
  params: NOTHING,
  query: NOTHING,
  body: NO_BODY,
  reply: DagListReply,
  async handle(_request, { dags }) {
    const rows = await dags.listDags();
    return { body: { dags: rows.map(dagReply) } };
  },
});
