import { RunTaskParams } from "#contract/act.ts";
import { ManifestReply } from "#contract/manifest.ts";
import { specOf } from "#core/graph.ts";
import { isObject } from "#core/pod/object-fields.ts";
import { layersOfTask, layPod } from "#core/pod/pod-layers.ts";
import { printPodYaml } from "#core/pod/print-pod-yaml.ts";
import { Provenance } from "#core/pod/provenance.ts";
import { ApiError } from "../http/api-error.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { readRun } from "../read-run.ts";
import { refuseUnknownTasks } from "./unknown.ts";

export const showManifest = defineRoute({
  method: "get",
  path: "/api/v1/runs/:runId/tasks/:taskId/manifest",
  role: "viewer",
  summary:
    "A task's pod with where each value comes from: DAG, task, run. What the workers' installation and Windlass itself add is not in it.",
  params: RunTaskParams,
  query: NOTHING,
  body: NO_BODY,
  reply: ManifestReply,
  async handle({ params: { runId, taskId } }, ports) {
    const { run, graph } = await readRun(runId, ports);
    refuseUnknownTasks([taskId], run, graph);
    const task = specOf(graph, taskId)!;
    if (task.operator !== "pod")
      throw new ApiError("WL_TASK_UNKNOWN", `task '${taskId}' of run '${runId}' has no pod: it is '${task.operator}'`);
    const { pod, origins } = layPod(layersOfTask(task.pod, graph.spec.podDefaults));
    const { metadata, ...rest } = pod;
    const shown = isObject(metadata) && Object.keys(metadata).length > 0 ? pod : rest;
    return { body: { yaml: printPodYaml(shown, Provenance.of(shown, origins)) } };
  },
});
