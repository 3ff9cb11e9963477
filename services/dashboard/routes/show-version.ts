import { VersionParams, VersionReply } from "#contract/version.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { versionedDag } from "../versioned-dag.ts";

export const showVersion = defineRoute({
  method: "get",
  path: "/api/v1/dags/:dagId/versions/:version",
  role: "viewer",
  summary: "A version of a DAG, as data.",
  params: VersionParams,
  query: NOTHING,
  body: NO_BODY,
  reply: VersionReply,
  async handle({ params: { dagId, version } }, ports) {
    const { spec } = await versionedDag(dagId, version, ports);
    return { body: { version, spec } };
  },
});
