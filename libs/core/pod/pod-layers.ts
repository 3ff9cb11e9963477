import { isObject, type JsonObject } from "./object-fields.ts";
import { Origins } from "./origins.ts";
import { podDefaults } from "./pod-defaults.ts";
import type { PodSpec } from "./pod-spec.ts";
import { strategicMerge } from "./strategic-merge.ts";
import { podOfTask } from "./task-pod.ts";

/** What a pod is made of, lowest first. A higher layer wins. */
export const POD_LAYERS = {
  default: "Windlass' default",
  installation: "the installation's pod template",
  podDefaults: "the DAG's podDefaults",
  podTemplate: "the task's podTemplate",
  task: "the task",
  podOverride: "the task's podOverride",
  runOverride: "the run's override",
  plugin: "a plugin of the workers",
  windlass: "Windlass",
} as const;
export type PodLayerName = keyof typeof POD_LAYERS;

export interface PodLayer {
  name: PodLayerName;
  /** A strategic-merge patch. */
  patch: unknown;
}

/** The layers that a DAG and a run of it determine. */
export const layersOfTask = (pod: PodSpec, dagDefaults: unknown): PodLayer[] =>
  [
    { name: "podDefaults" as const, patch: dagDefaults },
    { name: "podTemplate" as const, patch: pod.podTemplate },
    { name: "task" as const, patch: podOfTask(pod) },
    { name: "podOverride" as const, patch: pod.podOverride },
    { name: "runOverride" as const, patch: pod.runOverride },
  ].filter(({ patch }) => patch !== undefined);

export interface LayeredPod {
  pod: JsonObject;
  origins: Origins;
}

/**
 * Lays the layers over each other, lowest first, and the defaults under them.
 * @throws WL_DAG_TYPE when a patch cannot be merged
 */
export function layPod(layers: readonly PodLayer[]): LayeredPod {
  const above = layers.reduce<unknown>((pod, { patch }) => strategicMerge(pod, patch), {});
  const origins = new Origins();
  const all = [{ name: "default" as const, patch: podDefaults(isObject(above) ? above : {}) }, ...layers];
  const pod = all.reduce<unknown>((pod, { name, patch }) => strategicMerge(pod, patch, { layer: name, origins }), {});
  return { pod: pod as JsonObject, origins };
}
