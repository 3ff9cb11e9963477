import { DagParams } from "#contract/dag.ts";
import { toInstant } from "#contract/instant.ts";
import { VersionListReply } from "#contract/version.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { unknownDag } from "./unknown.ts";

export const listVersions = defineRoute({
  method: "get",
  path: "/api/v1/dags/:dagId/versions",
  summary: "The versions of a DAG, also of one whose file was deleted, the youngest first.",
  params: DagParams,
  query: NOTHING,
  body: NO_BODY,
  reply: VersionListReply,
  async handle({ params: { dagId } }, { dags }) {
    const [dag, versions] = await Promise.all([dags.getDag(dagId), dags.listVersions(dagId)]);
    if (dag === undefined && versions.length === 0) throw unknownDag(dagId);
    return {
      body: {
        versions: versions.map(({ version, publishedAt }) => ({
          version,
          publishedAt: toInstant(publishedAt),
          current: version === dag?.version,
        })),
      },
    };
  },
});
