import { DagParams } from "#contract/dag.ts";
import { DiffQuery, DiffReply } from "#contract/version.ts";
import type { DagSpec } from "#core/dag-spec.ts";
import { diffSpecs } from "#core/diff-specs.ts";
import { ApiError } from "../http/api-error.ts";
import { defineRoute, NO_BODY } from "../http/route.ts";
import type { Ports } from "../ports.ts";

export const diffVersions = defineRoute({
  method: "get",
  path: "/api/v1/dags/:dagId/diff",
  role: "viewer",
  summary: "What differs between two versions of a DAG, as data.",
  params: DagParams,
  query: DiffQuery,
  body: NO_BODY,
  reply: DiffReply,
  async handle({ params: { dagId }, query: { from, to } }, ports) {
    const [before, after] = await Promise.all([from, to].map(version => specOf(dagId, version, ports)));
    return { body: { from, to, ...diffSpecs(before!, after!) } };
  },
});

async function specOf(dagId: string, version: string, { dags }: Ports): Promise<DagSpec> {
  const spec = await dags.getSpec(version);
  if (spec?.id === dagId) return spec;
  throw new ApiError("WL_VERSION_UNKNOWN", `DAG '${dagId}' has no version '${version}', or it is not stored any more`);
}
