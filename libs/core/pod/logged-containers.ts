import type { TaskSpec } from "../task-spec.ts";
import { isObject, type JsonObject } from "./object-fields.ts";
import { layersOfTask } from "./pod-layers.ts";
import { MAIN_CONTAINER } from "./task-pod.ts";

/**
 * The containers of a task's pod whose logs are kept, those that start first in front. Read off the layers, not off the pod: that is
 * cheap enough for every task of a page. What only an installation or the cluster adds is not known here.
 */
export function loggedContainers(task: TaskSpec, podDefaults: unknown): string[] {
  if (task.operator !== "pod") return [];
  const layers = layersOfTask(task.pod, podDefaults).map(({ patch }) => patch);
  const [init, beside] = (["initContainers", "containers"] as const).map(list =>
    layers.flatMap(patch => containersIn(patch, list)),
  );
  const all = [...init!, { name: MAIN_CONTAINER }, ...beside!];
  const removed = new Set(all.filter(({ $patch }) => $patch === "delete").map(({ name }) => name));
  const names = [...new Set(all.map(({ name }) => String(name)))].filter(name => !removed.has(name));
  const { logs = true } = task;
  return typeof logs === "boolean" ? (logs ? names : []) : names.filter(name => logs.includes(name));
}

function containersIn(patch: unknown, list: "initContainers" | "containers"): JsonObject[] {
  const spec = isObject(patch) && isObject(patch.spec) ? patch.spec : {};
  const found = spec[list];
  return Array.isArray(found) ? found.filter(isObject) : [];
}
