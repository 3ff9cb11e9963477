import type { PodLayerName } from "./pod-layers.ts";
import { CONTAINER_FIELDS, POD_FIELDS } from "./pod-spec.ts";
import { kubeName, MAIN_CONTAINER } from "./task-pod.ts";

const IN_MAIN = `spec.containers[${MAIN_CONTAINER}].`;
const OPTION_OF_MAIN = new Map(CONTAINER_FIELDS.map(field => [kubeName(field), field]));
const OPTION_OF_POD = new Map(POD_FIELDS.map(field => [kubeName(field), field]));

/**
 * Where a field of the pod is written in the layer that set it: `spec.containers[main].env[X].value` of the task is its `env[X]`,
 * of its override `podOverride.spec.containers[main].env[X].value`. @param path with names in brackets, not positions
 */
export function optionPath(layer: PodLayerName, path: string): string {
  switch (layer) {
    case "task":
      return taskOption(path);
    case "runOverride":
      return `override.${taskOption(path)}`;
    case "podDefaults":
    case "podTemplate":
    case "podOverride":
      return `${layer}.${path}`;
    default:
      return path;
  }
}

function taskOption(path: string): string {
  if (path.startsWith("metadata.")) return path.slice("metadata.".length);
  const [table, rest] = path.startsWith(IN_MAIN)
    ? [OPTION_OF_MAIN, path.slice(IN_MAIN.length)]
    : [OPTION_OF_POD, path.replace(/^spec\./, "")];
  const [, field = "", below = ""] = /^(\w+)(.*)$/.exec(rest) ?? [];
  if (field === "env") return rest.replace(/\.value(From\..*)?$/, "");
  return `${table.get(field) ?? field}${below}`;
}
