import type { z } from "zod";
import type { Place } from "#core/errors.ts";
import type { PodPatch } from "#core/pod/pod-patch.ts";
import type { ResultSchema } from "#core/result.ts";
import type { MapSpec, TaskSpecInput } from "#core/task-spec.ts";
import type { DagDraft } from "./dag-draft.ts";
import type { GroupHandle } from "./group-handle.ts";
import { fieldsOf, type Kind } from "./kind.ts";
import { mergeArgs } from "./merge-args.ts";
import { optionsReader } from "./options-reader.ts";
import { resultSchemaOf } from "./result-schema.ts";
import type { OutputShape, TaskHandle } from "./task-handle.ts";
import { type CheckedDefaultArgs, PodOptions } from "./task-options.ts";
import { placeholder, podTask } from "./task-spec-of.ts";

/** A JSON Schema that everything fits. */
export const ANYTHING: ResultSchema = {};

/** Where tasks are added: the DAG itself, or one of its groups. */
export interface Surroundings {
  draft: DagDraft;
  group?: GroupHandle;
  /** What holds for tasks that do not say otherwise. */
  defaults: CheckedDefaultArgs;
  podDefaults: PodPatch | undefined;
}

export interface Call {
  id: string;
  place: Place;
}

/** The id with those of the groups in front. What is no id stays what it is. */
export const fullId = ({ group }: Pick<Surroundings, "group">, id: string): string =>
  group === undefined || typeof id !== "string" || id === "" ? id : `${group.id}.${id}`;

/**
 * Adds a task without a pod, its options checked. One with mistakes is added as well, so that edges to it are no further mistakes.
 * @param known the schema of its result where the kind says it
 */
export function addTask<Options extends z.ZodObject, Result = undefined>(
  around: Surroundings,
  kind: Kind<Options>,
  call: Call,
  options: unknown,
  known?: ResultSchema,
): { task: TaskHandle<Result>; checked: z.output<Options> | undefined } {
  const { draft, defaults } = around;
  const { place } = call;
  const id = fullId(around, call.id);
  const read = optionsReader(draft, place);
  read.refuseLiteralSecrets(id, withoutSchema(options));
  const checked = read.taskOptions(kind.options, id, options);
  const task =
    checked === undefined ? placeholder(id) : ({ id, ...fieldsOf(kind, checked, defaults) } as unknown as TaskSpecInput);
  if (!hasSchema(options)) return { task: put(around, task, place, known && outputOf(id, known)), checked };
  const report = (message: string) => read.problem(id)({ code: "WL_DAG_TYPE", message, place });
  const result = checked === undefined ? undefined : resultSchemaOf(options.result, report);
  const whole = { ...task, ...(result === undefined ? {} : { result }) } as TaskSpecInput;
  return { task: put(around, whole, place, outputOf(id, result ?? ANYTHING)), checked };
}

/**
 * Adds a task with a pod.
 * @param map makes it one instance for each item
 * @param more fields of the spec that no option of a pod says
 */
export function addPod<Result>(
  around: Surroundings,
  call: Call,
  options: PodOptions,
  map?: MapSpec,
  more: object = {},
): TaskHandle<Result> {
  const { draft, podDefaults, defaults } = around;
  const { place } = call;
  const id = fullId(around, call.id);
  const read = optionsReader(draft, place);
  read.refuseLiteralSecrets(id, withoutSchema(options));
  const checked = read.taskOptions(PodOptions, id, options);
  const context = { podDefaults, place, report: read.problem(id) };
  const task = checked === undefined ? placeholder(id) : { ...podTask(id, mergeArgs(defaults, checked), context), ...more };
  // References to the result of a task with a mistake are no further mistakes.
  const result = hasSchema(options) ? (task.operator === "pod" && task.result) || ANYTHING : undefined;
  if (map === undefined || checked === undefined) return put(around, task, place, result && outputOf(id, result));
  const outputs = result && { path: ["tasks", id, "outputs"], schema: { type: "array", items: result } };
  return put(around, { ...task, map }, place, outputs);
}

const outputOf = (id: string, schema: ResultSchema): OutputShape => ({ path: ["tasks", id, "output"], schema });

const put = <Result>(
  { draft, group }: Surroundings,
  task: TaskSpecInput,
  place: Place,
  output: OutputShape | undefined,
): TaskHandle<Result> => draft.add<Result>({ task, place, group, output });

const hasSchema = (options: unknown): options is { result: z.ZodType } =>
  typeof options === "object" && options !== null && "result" in options && options.result !== undefined;

/** A schema is no part of what a task says, and has no end when it is looked through. */
function withoutSchema(options: unknown): unknown {
  const { result: _, ...said } = { ...(options as { result?: unknown }) };
  return said;
}
