import { DagParams } from "#contract/dag.ts";
import { toInstant } from "#contract/instant.ts";
import { PageQuery } from "#contract/list.ts";
import { VersionListReply } from "#contract/version.ts";
import { pageOf, sortableNumber } from "../http/page-of.ts";
import { defineRoute, NO_BODY } from "../http/route.ts";
import { unknownDag } from "./unknown.ts";

export const listVersions = defineRoute({
  method: "get",
  path: "/api/v1/dags/:dagId/versions",
  role: "viewer",
  summary: "The versions of a DAG, also of one whose file was deleted, the youngest first.",
  params: DagParams,
  query: PageQuery,
  body: NO_BODY,
  reply: VersionListReply,
  async handle({ params: { dagId }, query, pageAfter }, { dags }) {
    const [dag, versions] = await Promise.all([dags.getDag(dagId), dags.listVersions(dagId)]);
    if (dag === undefined && versions.length === 0) throw unknownDag(dagId);
    const page = pageOf(versions, query, ({ publishedAt, version }) => `${sortableNumber(publishedAt)} ${version}`, true);
    return {
      body: {
        versions: page.items.map(({ version, publishedAt }) => ({
          version,
          publishedAt: toInstant(publishedAt),
          current: version === dag?.version,
        })),
        links: pageAfter(page.next),
      },
    };
  },
});
