import type { FieldProblem } from "./field-problems.ts";
import { isObject, type JsonObject } from "./object-fields.ts";
import { CONTAINER_FIELDS, POD_FIELDS } from "./pod-spec.ts";
import { kubeName, MAIN_CONTAINER } from "./task-pod.ts";

/** Windlass' labels and annotations live under it. */
export const OWN_DOMAIN = "windlass.dev/";
export const MANAGED_BY = "app.kubernetes.io/managed-by";
export const TERMINATION_MESSAGE_PATH = "/dev/termination-log";

const isOwnKey = (key: string): boolean => key.startsWith(OWN_DOMAIN) || key === MANAGED_BY;
const isOwnVariable = (name: unknown): boolean => typeof name === "string" && name.startsWith("WINDLASS_");

const SETS_ITSELF = "Windlass sets it itself";

/** Fields of metadata beside labels and annotations, and why not. */
const METADATA: Readonly<Record<string, string>> = {
  name: "Windlass computes it from the try; 'name' of the task is its readable head",
  namespace: "set 'namespace' of the task",
  generateName: "the name is computed, so that no try gets two pods",
  finalizers: "a pod with a finalizer would stay when the task has ended",
};

/** Fields of the spec, the value they may have all the same, and why no other. */
const SPEC: Readonly<Record<string, { allowed?: string; because: string }>> = {
  restartPolicy: { allowed: "Never", because: "a try is one run of one pod; set 'retries'" },
  nodeName: { because: "it goes around the scheduler; set 'nodeSelector' or 'affinity'" },
  ephemeralContainers: { because: "they can only be added to a pod that runs" },
};

const MAIN: Readonly<Record<string, { allowed?: string; because: string }>> = {
  terminationMessagePath: { allowed: TERMINATION_MESSAGE_PATH, because: "the task's result is read from there" },
  restartPolicy: { allowed: "Never", because: "a try is one run of one pod; set 'retries'" },
  $patch: { because: "the container is the task" },
};

/** The same for people. */
export const PROTECTED_FIELDS: readonly { field: string; because: string }[] = [
  ...Object.entries(METADATA).map(([field, because]) => ({ field: `metadata.${field}`, because })),
  { field: `labels and annotations under ${OWN_DOMAIN}, label ${MANAGED_BY}`, because: SETS_ITSELF },
  ...Object.entries(SPEC).map(([field, { because }]) => ({ field: `spec.${field}`, because })),
  { field: "spec.activeDeadlineSeconds behind a timeout", because: "a later one than Windlass' own could not end the try" },
  ...Object.entries(MAIN).map(([field, { because }]) => ({ field: `${field} of main`, because })),
  { field: "WINDLASS_* variables of main", because: SETS_ITSELF },
];

/**
 * What of a layer is Windlass' own. A layer that says it is refused, not overruled in silence.
 * @param isAdHoc the layer is the override of a single pod: also what the options of a pod task could not say is refused
 */
export function protectedProblems(patch: unknown, isAdHoc = false): FieldProblem[] {
  if (!isObject(patch)) return [];
  const { apiVersion, kind, metadata, spec } = patch;
  const problems: FieldProblem[] = [];
  const refuse = (path: FieldProblem["path"], because: string) => {
    const isKnown = problems.some(problem => problem.path.join() === path.join());
    if (!isKnown) problems.push({ path, message: because });
  };
  if (apiVersion !== undefined && apiVersion !== "v1") refuse(["apiVersion"], "a pod's is v1");
  if (kind !== undefined && kind !== "Pod") refuse(["kind"], "a task is a Pod");
  for (const field of Object.keys(patch).filter(field => !["apiVersion", "kind", "metadata", "spec"].includes(field)))
    refuse([field], "it is the cluster's to write");
  if (isObject(metadata)) checkMetadata(metadata, refuse);
  if (isObject(spec)) checkSpec(spec, refuse);
  if (isAdHoc && isObject(spec)) checkReach(spec, refuse);
  return problems;
}

type Refuse = (path: FieldProblem["path"], because: string) => void;

function checkMetadata(metadata: JsonObject, refuse: Refuse): void {
  for (const [field, value] of Object.entries(metadata)) {
    if (field === "creationTimestamp" && value === null) continue;
    if (field !== "labels" && field !== "annotations")
      refuse(["metadata", field], METADATA[field] ?? "it is not the task's to set");
    else if (isObject(value))
      for (const key of Object.keys(value).filter(isOwnKey)) refuse(["metadata", field, key], SETS_ITSELF);
  }
}

function checkSpec(spec: JsonObject, refuse: Refuse): void {
  for (const [field, { allowed, because }] of Object.entries(SPEC)) {
    if (spec[field] !== undefined && spec[field] !== allowed) refuse(["spec", field], because);
  }
  const containers = Array.isArray(spec.containers) ? spec.containers : [];
  const index = containers.findIndex(container => isObject(container) && container.name === MAIN_CONTAINER);
  if (index < 0) return;
  const main = containers[index] as JsonObject;
  const at = ["spec", "containers", index];
  for (const [field, { allowed, because }] of Object.entries(MAIN)) {
    if (main[field] !== undefined && main[field] !== allowed) refuse([...at, field], because);
  }
  const env = Array.isArray(main.env) ? main.env : [];
  for (const variable of env) {
    if (isObject(variable) && isOwnVariable(variable.name)) refuse([...at, "env", String(variable.name)], SETS_ITSELF);
  }
}

const COMPANIONS = ["containers", "initContainers"];
const RUN_SPEC = new Set([...POD_FIELDS.map(kubeName), ...COMPANIONS]);
const RUN_CONTAINER = new Set(["name", ...CONTAINER_FIELDS.map(kubeName)]);

/** Whoever starts a single pod may say no more than the options of a pod task do. */
function checkReach(spec: JsonObject, refuse: Refuse): void {
  const because = "a single pod may only override what the options of a pod task can say";
  for (const field of Object.keys(spec)) if (!RUN_SPEC.has(field) && !field.startsWith("$")) refuse(["spec", field], because);
  for (const list of COMPANIONS) {
    for (const [index, container] of (Array.isArray(spec[list]) ? spec[list] : []).entries()) {
      const fields = isObject(container) ? Object.keys(container) : [];
      for (const field of fields) {
        const isSidecar = field === "restartPolicy" && list === "initContainers";
        if (!RUN_CONTAINER.has(field) && !field.startsWith("$") && !isSidecar) refuse(["spec", list, index, field], because);
      }
    }
  }
}
