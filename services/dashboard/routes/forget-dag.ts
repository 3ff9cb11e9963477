import { DagParams, ForgetDagReply } from "#contract/dag.ts";
import { ApiError } from "../http/api-error.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { links } from "../links.ts";
import { unknownDag } from "./unknown.ts";

export const forgetDag = defineRoute({
  method: "delete",
  path: "/api/v1/dags/:dagId",
  role: "admin",
  summary: "Removes the history of a DAG whose file was deleted: its runs, their logs with the next sweep, and its versions.",
  params: DagParams,
  query: NOTHING,
  body: NO_BODY,
  reply: ForgetDagReply,
  statuses: [202],
  async handle({ params: { dagId } }, { dags }) {
    const result = await dags.requestForget(dagId);
    switch (result) {
      case "requested":
        return { status: 202, body: { id: dagId, result } };
      case "has-file":
        throw new ApiError("WL_HISTORY_KEPT", `the file of DAG '${dagId}' is there: it can run`, {
          links: { dag: links.dag(dagId) },
        });
      case "unknown":
        throw unknownDag(dagId);
      default:
        return result satisfies never;
    }
  },
});
