import { DagListReply, ListDagsQuery } from "#contract/dag.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { dagReply } from "../replies/dag-reply.ts";

export const listDags = defineRoute({
  method: "get",
  path: "/api/v1/dags",
  summary: "All DAGs by id; with removed also those whose files were deleted.",
  params: NOTHING,
  query: ListDagsQuery,
  body: NO_BODY,
  reply: DagListReply,
  async handle({ query: { removed } }, { dags }) {
    const rows = [...(await dags.listDags()), ...(removed ? await dags.listRemovedDags() : [])];
    return { body: { dags: rows.map(dagReply) } };
  },
});
