import { type ErrorCode, WindlassError } from "../errors.ts";
import { isObject } from "./object-fields.ts";
import { optionPath } from "./option-path.ts";
import { POD_LAYERS, type PodLayer } from "./pod-layers.ts";
import { protectedProblems } from "./protected-fields.ts";
import { MAIN_CONTAINER } from "./task-pod.ts";

/** Something in a layer that is not the layer's to say. */
export interface LayerProblem {
  code: ErrorCode;
  layer: PodLayer["name"];
  /** Where it is written: `podOverride.metadata.name`. */
  option: string;
  /** The same as a JSON pointer into the pod of a task: `/podOverride/metadata/name`. */
  pointer: string;
  message: string;
}

/**
 * Every protected field that a layer sets.
 * @param mostSeconds the pod's deadline behind the task's timeout; absent: it has none
 * @param isAdHoc the pod has no DAG: its podOverride reaches less far
 */
export function layerProblems(
  layers: readonly PodLayer[],
  mostSeconds = Number.POSITIVE_INFINITY,
  isAdHoc = false,
): LayerProblem[] {
  return layers.flatMap(({ name, patch }) => {
    const problems = protectedProblems(patch, isAdHoc && name === "podOverride");
    const tooLate = deadlineProblem(patch, mostSeconds);
    if (tooLate !== undefined) problems.push({ path: ["spec", "activeDeadlineSeconds"], message: tooLate });
    return problems.map(({ path, message }) => {
      const option = optionPath(name, namedPath(path, patch));
      return {
        code: "WL_POD_PROTECTED" as const,
        layer: name,
        option,
        pointer: pointerTo(option),
        message: `${POD_LAYERS[name]} sets the protected field ${option}: ${message}`,
      };
    });
  });
}

function deadlineProblem(patch: unknown, most: number): string | undefined {
  const wanted = isObject(patch) && isObject(patch.spec) ? patch.spec.activeDeadlineSeconds : undefined;
  if (typeof wanted !== "number" || wanted <= most) return undefined;
  return `with this timeout it is at most ${most}; a longer one could not end the try`;
}

/** With the names of containers instead of their positions. */
function namedPath(path: readonly (string | number)[], patch: unknown): string {
  let at: unknown = patch;
  let text = "";
  for (const [index, step] of path.entries()) {
    const above = path[index - 1];
    at = isObject(at) || Array.isArray(at) ? (at as Record<string | number, unknown>)[step] : undefined;
    if (typeof step === "number") text += `[${isObject(at) ? String(at.name) : step}]`;
    else if (above === "labels" || above === "annotations" || above === "env") text += `[${step}]`;
    else text += text === "" ? step : `.${step}`;
  }
  return text;
}

/** @throws WL_POD_PROTECTED naming field and layer; `place.pointer` leads to the option of the task */
export function refuseProtected(layers: readonly PodLayer[], mostSeconds?: number, isAdHoc?: boolean): void {
  const [first] = layerProblems(layers, mostSeconds, isAdHoc);
  if (first !== undefined) throw new WindlassError(first.code, first.message, { place: { pointer: `/pod${first.pointer}` } });
}

/** @throws WL_POD_PROTECTED when a layer has removed the container that is the task, or its image */
export function refuseWithoutMain(pod: unknown): void {
  const containers = isObject(pod) && isObject(pod.spec) && Array.isArray(pod.spec.containers) ? pod.spec.containers : [];
  if (containers.some(container => isObject(container) && container.name === MAIN_CONTAINER && container.image !== undefined))
    return;
  throw new WindlassError(
    "WL_POD_PROTECTED",
    `a layer of the pod removes container '${MAIN_CONTAINER}' or its image, which is the task`,
  );
}

const escaped = (step: string): string =>
  step
    .replace(/^\[|\]$/g, "")
    .replaceAll("~", "~0")
    .replaceAll("/", "~1");

const pointerTo = (option: string): string =>
  (option.match(/\[[^\]]*\]|[^.[\]]+/g) ?? []).map(step => `/${escaped(step)}`).join("");
