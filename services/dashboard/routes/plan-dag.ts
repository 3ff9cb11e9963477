import { DagParams } from "#contract/dag.ts";
import { PlanQuery, PlanReply } from "#contract/render.ts";
import { planDag as planOf } from "#kube/plan/plan-dag.ts";
import { defineRoute, NO_BODY } from "../http/route.ts";
import { installationSettings } from "../installation-settings.ts";
import { versionedDag } from "../versioned-dag.ts";

export const planDag = defineRoute({
  method: "get",
  path: "/api/v1/dags/:dagId/plan",
  role: "viewer",
  summary: "What a version changes in the pods of a DAG, value by value. The cluster is not asked.",
  params: DagParams,
  query: PlanQuery,
  body: NO_BODY,
  reply: PlanReply,
  async handle({ params: { dagId }, query }, ports) {
    const { version, spec } = await versionedDag(dagId, query.version, ports);
    const from = query.from ?? (await versionBefore(dagId, version, ports.dags));
    const before = from === undefined ? undefined : (await versionedDag(dagId, from, ports)).spec;
    const { settings, caveats } = await installationSettings(ports);
    const plans = await planOf({ spec, before, settings });
    const tasks = plans.map(({ taskId, change = "added", differences, problem }) => ({
      taskId,
      change,
      differences,
      ...(problem === undefined ? {} : { problem: problem.message }),
    }));
    return { body: { ...(from === undefined ? {} : { from }), version, tasks, caveats } };
  },
});

async function versionBefore(
  dagId: string,
  version: string,
  dags: { listVersions(dagId: string): Promise<readonly { version: string }[]> },
): Promise<string | undefined> {
  const versions = await dags.listVersions(dagId);
  return versions[versions.findIndex(one => one.version === version) + 1]?.version;
}
