import type { DagSpec } from "./dag-spec.ts";
import type { JsonValue } from "./result.ts";
import type { TaskSpec } from "./task-spec.ts";

/** One value that differs. */
export interface Difference {
  /** JSON pointer into the spec. */
  path: string;
  /** Absent: it was not there. */
  from?: JsonValue;
  /** Absent: it is not there any more. */
  to?: JsonValue;
}

/** What differs between two versions of a DAG. Where a task stands in its file makes no difference. */
export interface SpecDiff {
  /** Ids of tasks, in the order of the later version's file. */
  added: string[];
  removed: string[];
  changed: { taskId: string; differences: Difference[] }[];
  /** Of the DAG's own options. */
  dag: Difference[];
}

export function diffSpecs(from: DagSpec, to: DagSpec): SpecDiff {
  const before = new Map(from.tasks.map(task => [task.id, task]));
  const after = new Map(to.tasks.map(task => [task.id, task]));
  const changed = to.tasks.flatMap(task => {
    const old = before.get(task.id);
    const differences = old === undefined ? [] : differencesOf(withoutSource(old), withoutSource(task));
    return differences.length === 0 ? [] : [{ taskId: task.id, differences }];
  });
  return {
    added: to.tasks.flatMap(({ id }) => (before.has(id) ? [] : [id])),
    removed: from.tasks.flatMap(({ id }) => (after.has(id) ? [] : [id])),
    changed,
    dag: differencesOf(withoutTasks(from), withoutTasks(to)),
  };
}

const withoutSource = ({ source: _, ...task }: TaskSpec): JsonValue => task as unknown as JsonValue;
const withoutTasks = ({ tasks: _, ...dag }: DagSpec): JsonValue => dag as unknown as JsonValue;

/** Goes down where both sides are objects; a list is one value, because its items have no names. */
function differencesOf(from: JsonValue | undefined, to: JsonValue | undefined, path = ""): Difference[] {
  if (isObject(from) && isObject(to)) {
    const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
    return names.flatMap(name => differencesOf(own(from, name), own(to, name), `${path}/${escaped(name)}`));
  }
  if (isSame(from, to)) return [];
  return [{ path, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }];
}

type JsonObject = { readonly [name: string]: JsonValue };

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const own = (object: JsonObject, name: string): JsonValue | undefined => (Object.hasOwn(object, name) ? object[name] : undefined);

/** Equal whatever the order of fields. */
function isSame(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => isSame(item, b[i]));
  if (isObject(a) && isObject(b)) return differencesOf(a, b).length === 0;
  return a === b;
}

/** RFC 6901. */
const escaped = (name: string): string => name.replaceAll("~", "~0").replaceAll("/", "~1");
