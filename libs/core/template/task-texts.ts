import type { OperatorName, TaskSpec } from "../task-spec.ts";
import { itemSource } from "./map-item.ts";
import { isTemplate } from "./parse-text.ts";
import { pathsOf, type TemplatePath } from "./paths.ts";
import { textsIn } from "./texts.ts";

/** Who evaluates a text: the scheduler in its step, or the worker right before the try. */
export type TextReader = "scheduler" | "worker";

/** A part of a task whose texts may hold `{{ … }}`. */
export interface TaskPart {
  /** The field of the spec. */
  field: string;
  value: unknown;
  reader: TextReader;
}

/** The fields whose texts are evaluated, by operator. */
const FIELDS: Readonly<Record<OperatorName, readonly (readonly [field: string, reader: TextReader])[]>> = {
  empty: [],
  noop: [],
  latestOnly: [],
  pod: [
    ["pod", "worker"],
    ["fn", "worker"],
  ],
  branch: [["on", "scheduler"]],
  shortCircuit: [["on", "scheduler"]],
  trigger: [["conf", "worker"]],
  wait: [["for", "worker"]],
  approval: [["question", "worker"]],
  http: [["request", "worker"]],
  resource: [["resource", "worker"]],
};

/** The parts of a task whose texts are evaluated before or while it runs; notices are not among them. */
export function taskParts(task: Pick<TaskSpec, "operator" | "map">): TaskPart[] {
  const fields = task as unknown as Readonly<Record<string, unknown>>;
  const parts = FIELDS[task.operator].map(([field, reader]) => ({ field, value: fields[field], reader }));
  if (task.map === undefined) return parts;
  const { over } = task.map;
  return [...parts, { field: "map.over", value: over, reader: typeof over === "string" ? "scheduler" : "worker" }];
}

function workerFields(task: TaskSpec, podDefaults: unknown): unknown[] {
  const fields = task as unknown as Readonly<Record<string, unknown>>;
  const own = FIELDS[task.operator].filter(([, reader]) => reader === "worker").map(([field]) => fields[field]);
  return task.operator === "pod" ? [...own, podDefaults] : own;
}

/**
 * The paths that a worker has to know for a task, its DAG's part of the pod included.
 * @param index of an instance of a mapped task
 * @throws WL_TEMPLATE where an expression is none
 */
export function workerPaths(task: TaskSpec, podDefaults: unknown, index?: number): readonly TemplatePath[] {
  const whole = workerFields(task, podDefaults);
  const paths = pathsOf(whole);
  if (task.map === undefined || index === undefined || !paths.some(([root]) => root === "item")) return paths;
  return pathsOf([...whole, itemSource(task.map.over, index)]);
}

const known = new WeakMap<object, boolean>();

/** Whether any text inside of the value is to be evaluated; remembered of objects, so that asking again costs nothing. */
function hasTemplates(value: unknown): boolean {
  if (typeof value === "string") return isTemplate(value);
  if (typeof value !== "object" || value === null) return false;
  let has = known.get(value);
  if (has === undefined) {
    has = textsIn(value).some(([text]) => isTemplate(text));
    known.set(value, has);
  }
  return has;
}

/** Whether a try of the task has anything to evaluate. */
export const needsRendering = (task: TaskSpec, podDefaults: unknown): boolean =>
  workerFields(task, podDefaults).some(hasTemplates);
