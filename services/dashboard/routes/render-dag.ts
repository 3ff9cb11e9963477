import { DagParams } from "#contract/dag.ts";
import { RenderQuery, RenderReply } from "#contract/render.ts";
import type { DagSpec } from "#core/dag-spec.ts";
import { WindlassError } from "#core/errors.ts";
import { printPodYaml } from "#core/pod/print-pod-yaml.ts";
import type { PodSettings } from "#kube/manifest.ts";
import { renderManifest } from "#kube/plan/render-manifest.ts";
import { ApiError } from "../http/api-error.ts";
import { defineRoute, NO_BODY } from "../http/route.ts";
import { installationSettings } from "../installation-settings.ts";
import { versionedDag } from "../versioned-dag.ts";

export const renderDag = defineRoute({
  method: "get",
  path: "/api/v1/dags/:dagId/render",
  role: "viewer",
  summary: "The pods of a DAG's tasks as workers would send them, with the layer that set each value.",
  params: DagParams,
  query: RenderQuery,
  body: NO_BODY,
  reply: RenderReply,
  async handle({ params: { dagId }, query }, ports) {
    const { version, spec } = await versionedDag(dagId, query.version, ports);
    const pods = spec.tasks.filter(
      ({ id, operator }) => operator === "pod" && (query.taskId === undefined || id === query.taskId),
    );
    if (query.taskId !== undefined && pods.length === 0)
      throw new ApiError("WL_TASK_UNKNOWN", `DAG '${dagId}' has no task '${query.taskId}' with a pod`);
    const { settings, caveats } = await installationSettings(ports);
    return { body: { version, pods: pods.map(({ id }) => renderedPod(spec, id, settings)), caveats } };
  },
});

function renderedPod(spec: DagSpec, taskId: string, settings: PodSettings) {
  try {
    const { manifest, provenance } = renderManifest(spec, taskId, settings);
    return { taskId, manifest: { ...manifest }, yaml: printPodYaml(manifest, provenance()) };
  } catch (error) {
    if (error instanceof WindlassError) return { taskId, problem: error.message };
    throw error;
  }
}
