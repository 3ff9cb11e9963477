import type { DagSpec } from "#core/dag-spec.ts";
import { WindlassError } from "#core/errors.ts";
import { runId } from "#core/ids.ts";
import { printPodYaml } from "#core/pod/print-pod-yaml.ts";
import { type PodSettings, type RenderedPod, renderTry } from "../manifest.ts";
import { podRequestOf } from "../pod-request.ts";

/** What is another value in every run, and so in the pod that a worker creates. */
export const RUN_TIME_VALUES = [
  "metadata.name",
  "metadata.labels.windlass.dev/run",
  "metadata.annotations.windlass.dev/key",
  "metadata.annotations.windlass.dev/spec-hash",
  "spec.containers[main].env[WINDLASS_RUN_ID].value",
] as const;

/**
 * The pod of a task's first try as a worker with these settings would send it, under a run that does not exist: all but
 * {@link RUN_TIME_VALUES} is what the worker will set.
 * @throws WL_TASK_UNKNOWN for a task the DAG does not have, or that has no pod; WL_POD_PROTECTED as renderTry
 */
export function renderManifest(spec: DagSpec, taskId: string, settings: PodSettings): RenderedPod {
  const task = spec.tasks.find(({ id }) => id === taskId);
  if (task === undefined) throw new WindlassError("WL_TASK_UNKNOWN", `DAG '${spec.id}' has no task '${taskId}'`);
  if (task.operator !== "pod")
    throw new WindlassError("WL_TASK_UNKNOWN", `task '${taskId}' of DAG '${spec.id}' has no pod: it is '${task.operator}'`);
  const key = { dagId: spec.id, runId: runId(spec.id, "plan"), taskId, try: 1, infra: 0 };
  return renderTry(podRequestOf(task, spec.podDefaults, key, settings));
}

/** The manifest as YAML; a comment behind every value names the layer that set it. */
export const renderYaml = (spec: DagSpec, taskId: string, settings: PodSettings): string => {
  const { manifest, provenance } = renderManifest(spec, taskId, settings);
  return printPodYaml(manifest, provenance());
};
