import type { V1Pod } from "@kubernetes/client-node";
import { z } from "zod";
import { fieldProblems } from "#core/pod/field-problems.ts";
import { isObject, type JsonObject } from "#core/pod/object-fields.ts";
import { layersOfTask, layPod } from "#core/pod/pod-layers.ts";
import { type PodPatch, PodPatch as PodPatchSchema } from "#core/pod/pod-patch.ts";
import type { PodSpec } from "#core/pod/pod-spec.ts";
import { strategicDiff } from "#core/pod/strategic-diff.ts";

/**
 * Changes the pod that the layers below have made (defaults, podDefaults, podTemplate, the task's options; the installation's template is
 * not known yet), or returns another one. Runs once, when the file is loaded: what it did is kept as a patch.
 */
export type PodOverrideFunction = (pod: V1Pod & Required<Pick<V1Pod, "spec">>) => V1Pod | undefined;
export type PodOverride = PodPatch | PodOverrideFunction;

const isFunction = (value: unknown): value is PodOverrideFunction => typeof value === "function";

export const PodOverrideInput = z.custom<PodOverride>().superRefine((value, context) => {
  if (isFunction(value)) return;
  for (const { path, message } of fieldProblems(value, "Pod", { patch: true }))
    context.addIssue({ code: "custom", path, message, continue: false });
});

export const PodTemplateInput = z.union([z.string().regex(/\.ya?ml$/), PodPatchSchema], {
  error: 'a part of a Pod, or the name of a YAML file such as "pods/gpu.yaml"',
});

/** The override as a patch. @throws what the function throws, or a TypeError when it made no pod */
export function patchOf(override: PodOverride, pod: PodSpec, podDefaults: PodPatch | undefined): PodPatch {
  if (!isFunction(override)) return override;
  const { pod: before } = layPod(layersOfTask(pod, podDefaults));
  const draft = plainJson(before) as unknown as Parameters<PodOverrideFunction>[0];
  const after: unknown = override(draft) ?? draft;
  if (!isObject(after) || after instanceof Promise)
    throw new TypeError("podOverride: the function must return a pod, or change the one it is given");
  return strategicDiff(before, plainJson(after)) as PodPatch;
}

/** Without what JSON would not keep. */
const plainJson = (value: JsonObject): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;
