import { type DagBuilder, type DagOptions, dag } from "windlass";
import type { DagSpec } from "#core/dag-spec.ts";
import { DagError } from "#sdk/problem.ts";

/** The DAG that the callback makes. */
export const dagOf = (build: (d: DagBuilder) => unknown, options: DagOptions = {}): DagSpec =>
  dag("example", options, d => void build(d));

/** Its edges as "up>down", sorted. */
export const edgesOf = (spec: DagSpec): string[] =>
  spec.tasks.flatMap(task => task.upstream.map(up => `${up}>${task.id}`)).toSorted();

/** One task without what is the same everywhere. */
export function fieldsOf(spec: DagSpec, id: string): Readonly<Record<string, unknown>> {
  const found = spec.tasks.find(task => task.id === id);
  if (found === undefined) throw new Error(`no task ${id} among ${spec.tasks.map(task => task.id).join(", ")}`);
  const { id: _, upstream: __, retry: ___, source: ____, ...fields } = found;
  return fields;
}

/** What is wrong with the DAG that the callback makes, sentence by sentence without the file's name; [] when nothing is. */
export function mistakesOf(build: (d: DagBuilder) => unknown, options: DagOptions = {}): string[] {
  try {
    dagOf(build, options);
  } catch (error) {
    if (error instanceof DagError) return error.problems.map(({ message }) => message);
    throw error;
  }
  return [];
}
