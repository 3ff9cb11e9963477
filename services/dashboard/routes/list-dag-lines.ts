import { DagLineListReply, DagLinesQuery } from "#contract/dag-line.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";

export const listDagLines = defineRoute({
  method: "get",
  path: "/api/v1/overview/dags",
  role: "viewer",
  summary: "All DAGs with their last runs, their next one, and how they do; with removed also those whose files were deleted.",
  params: NOTHING,
  query: DagLinesQuery,
  body: NO_BODY,
  reply: DagLineListReply,
  async handle({ query: { removed }, caller }, { overview }) {
    return { body: { dags: await overview.dagLines(removed, dagId => caller.mayRead(dagId)) } };
  },
});
