import type { DagSpec } from "../dag-spec.ts";
import type { TaskSpec } from "../task-spec.ts";
import { pathText, type TemplatePath } from "./paths.ts";
import { schemaField } from "./schema-field.ts";
import { RUN_FIELDS, type SCOPE_NAMES, TASK_FIELDS } from "./scope.ts";
import type { TextReader } from "./task-texts.ts";
import { unknownName } from "./template-error.ts";

/** Where a path stands. */
export interface PathPlace {
  dag: Pick<DagSpec, "params">;
  /** Absent: outside of tasks, such as a notice about the run. */
  task?: Pick<TaskSpec, "id" | "map">;
  tasks: ReadonlyMap<string, TaskSpec>;
  reader: TextReader;
}

type Check = (path: TemplatePath, place: PathPlace) => string | undefined;

/** What the scheduler knows when it evaluates a text. */
const OF_SCHEDULER: ReadonlySet<string> = new Set(["run", "params", "tasks", "dag"]);

/** What can be wrong with a path, by its first name. */
const CHECKS: Readonly<Record<keyof typeof SCOPE_NAMES, Check>> = {
  run: path => fieldProblem(path, Object.keys(RUN_FIELDS)) ?? partProblem(path),
  params: (path, { dag }) => (dag.params === undefined ? undefined : schemaProblem(path, 1, dag.params)),
  variables: path => (path.length < 2 ? "name one of the variables: variables.region" : undefined),
  tasks: taskProblem,
  task: (path, { task }) => fieldProblem(path, task?.map === undefined ? ["id", "try"] : ["id", "try", "index"]),
  item: (_, { task }) => unmapped("item", task),
  index: (_, { task }) => unmapped("index", task),
  dag: path => fieldProblem(path, ["id", "owner", "tags"]),
};

/** What is wrong with a path, as far as that can be told before a run; undefined when nothing is. */
export function pathProblem(path: TemplatePath, place: PathPlace): string | undefined {
  const root = String(path[0]);
  if (!Object.hasOwn(CHECKS, root)) return unknownName("a text", root, Object.keys(CHECKS));
  if (place.reader === "scheduler" && !OF_SCHEDULER.has(root)) {
    return `'${root}' is not known where the scheduler evaluates; there are ${[...OF_SCHEDULER].join(", ")}`;
  }
  return CHECKS[root as keyof typeof CHECKS](path, place);
}

const unmapped = (name: string, task: PathPlace["task"]): string | undefined =>
  task?.map === undefined ? `'${name}' is there in mapped tasks only` : undefined;

function fieldProblem([root, field]: TemplatePath, known: readonly string[]): string | undefined {
  return field === undefined || known.includes(String(field)) ? undefined : unknownName(String(root), field, known);
}

const RUN_PARTS: Readonly<Record<string, readonly string[]>> = { interval: ["start", "end"], trigger: ["kind", "by"] };

function partProblem([, field, part, ...more]: TemplatePath): string | undefined {
  if (part === undefined || field === "conf") return undefined;
  const parts = RUN_PARTS[String(field)] ?? [];
  if (!parts.includes(String(part))) return unknownName(`run.${field}`, part, parts);
  return more.length === 0 ? undefined : `run.${field}.${part} is a text and has no '${more[0]}'`;
}

/** @param from how many steps lead to what the schema describes */
function schemaProblem(path: TemplatePath, from: number, schema: unknown): string | undefined {
  let at = schema;
  for (const [depth, step] of path.entries()) {
    if (depth < from) continue;
    const { isKnown, fields, inner } = schemaField(at, step);
    if (!isKnown) return unknownName(pathText(path.slice(0, depth)), step, fields);
    at = inner;
  }
  return undefined;
}

function taskProblem(path: TemplatePath, { task, tasks }: PathPlace): string | undefined {
  const [, id, field] = path;
  if (id === undefined || field === undefined)
    return `name a task and what of it: ${pathText(["tasks", id ?? "extract", "output"])}`;
  const other = tasks.get(String(id));
  if (other === undefined) return unknownName("the DAG", id, [...tasks.keys()]).replace("has no '", "has no task '");
  if (other.id === task?.id) return "a task cannot name itself";
  const known = Object.keys(TASK_FIELDS);
  if (!known.includes(String(field))) return unknownName(pathText(path.slice(0, 2)), field, known);
  return field === "output" || field === "outputs" ? outputProblem(path, other) : undefined;
}

/** Operators that have no result to be named. */
const WITHOUT_RESULT: ReadonlySet<string> = new Set(["empty", "noop", "branch", "shortCircuit", "latestOnly"]);

function outputProblem(path: TemplatePath, other: TaskSpec): string | undefined {
  const isList = path[2] === "outputs";
  const name = `task '${other.id}'`;
  if (isList && other.map === undefined) return `${name} is not mapped: it has one output`;
  if (!isList && other.map !== undefined) return `${name} is mapped: its instances have outputs`;
  const schema = "result" in other ? other.result : undefined;
  if (WITHOUT_RESULT.has(other.operator) || ((other.operator === "pod" || other.operator === "http") && schema === undefined))
    return `${name} has no output${other.operator === "pod" || other.operator === "http" ? ": give it the option result" : ""}`;
  if (schema === undefined) return undefined;
  return schemaProblem(path, 3, isList ? { type: "array", items: schema } : schema);
}
