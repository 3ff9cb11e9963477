import { DagParams } from "#contract/dag.ts";
import { SourceQuery, SourceReply } from "#contract/render.ts";
import { ApiError } from "../http/api-error.ts";
import { defineRoute, NO_BODY } from "../http/route.ts";
import { versionedDag } from "../versioned-dag.ts";

export const showSource = defineRoute({
  method: "get",
  path: "/api/v1/dags/:dagId/source",
  role: "viewer",
  summary: "The text of the DAG's file as it was when the version was published.",
  params: DagParams,
  query: SourceQuery,
  body: NO_BODY,
  reply: SourceReply,
  async handle({ params: { dagId }, query }, ports) {
    const { row, version } = await versionedDag(dagId, query.version, ports);
    const source = await ports.dags.getSource(version);
    if (source === undefined)
      throw new ApiError("WL_VERSION_UNKNOWN", `the text of version '${version}' of DAG '${dagId}' was not kept`);
    return { body: { version, file: row.file, source } };
  },
});
