import type { z } from "zod";
import { fieldType, itemTypeOf } from "../pod/object-fields.ts";
import { PodPatch } from "../pod/pod-patch.ts";
import { CONTAINER_FIELDS, PodSpec } from "../pod/pod-spec.ts";
import { kubeName } from "../pod/task-pod.ts";
import { type Place, renderTexts } from "./render-texts.ts";
import type { Scope } from "./scope.ts";
import { templateError } from "./template-error.ts";
import type { TextPlace } from "./texts.ts";

/**
 * The pod that a task asks for, with the values in the place of its `{{ … }}`. Where Kubernetes wants a number or a boolean a whole
 * expression gives one; everywhere else a text. Labels become valid ones.
 * @throws WL_TEMPLATE, also when a value does not fit where it stands
 */
export const renderPod = (pod: PodSpec, scope: Scope): PodSpec => rendered(pod, PodSpec, scope, placeInTask);

/** A part of a pod that is laid under or over the task's, in the same way. */
export const renderPodPatch = (patch: PodPatch, scope: Scope): PodPatch => rendered(patch, PodPatch, scope, placeInPod);

function rendered<T>(value: T, schema: z.ZodType<T>, scope: Scope, kindOf: (place: TextPlace) => Place): T {
  const made = renderTexts(value, scope, kindOf);
  if (made === value) return value;
  const checked = schema.safeParse(made);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw templateError(issue?.path.join(".") ?? "pod", `what came of its expression does not fit: ${issue?.message}`);
}

/** The types whose values are no texts; the API server says what they have to be. */
const DATA: ReadonlySet<string> = new Set(["int32", "int64", "boolean", "intOrString", "any"]);

const typeIn = (type: string, place: TextPlace): string =>
  place.reduce<string>((at, step) => (typeof step === "number" ? (itemTypeOf(at) ?? "any") : fieldType(at, step)), type);

const PATCHES: ReadonlySet<string> = new Set(["podTemplate", "podOverride"]);
const CONTAINERS: ReadonlySet<string> = new Set(["initContainers", "sidecars", "extraContainers"]);
const OF_MAIN: ReadonlySet<string> = new Set(CONTAINER_FIELDS);
const TEXT_MAPS: ReadonlySet<string> = new Set(["labels", "annotations"]);

/** The type of what stands at a place of a task's pod outside of its patches. The fields are partly the task's own. */
function typeInTask([field, ...rest]: TextPlace): string {
  const name = String(field);
  if (TEXT_MAPS.has(name)) return "string";
  if (name === "env") return rest.length === 1 ? "string" : typeIn("EnvVarSource", rest.slice(1));
  if (name === "mounts") return rest[1] === "source" ? typeIn("Volume", rest.slice(2)) : "string";
  if (CONTAINERS.has(name)) return typeIn("[]Container", rest);
  return typeIn(OF_MAIN.has(name) ? "Container" : "PodSpec", [kubeName(name), ...rest]);
}

const isLabel = (place: TextPlace): boolean => place.length === 3 && place[0] === "metadata" && place[1] === "labels";

const placeInPod = (place: TextPlace): Place => (isLabel(place) ? "label" : DATA.has(typeIn("Pod", place)) ? "data" : "text");

function placeInTask(place: TextPlace): Place {
  const [field, ...rest] = place;
  if (PATCHES.has(String(field))) return placeInPod(rest);
  if (field === "labels" && rest.length === 1) return "label";
  return DATA.has(typeInTask(place)) ? "data" : "text";
}
