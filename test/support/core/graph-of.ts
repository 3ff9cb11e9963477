import { DagSpec, type DagSpecInput } from "#core/dag-spec.ts";
import { type Graph, indexDag } from "#core/graph.ts";
import { tasksOf } from "./arbitrary-dag.ts";

export interface DagShape {
  /** Words such as "a>b". */
  edges: readonly string[];
  /** Tasks that need no worker. */
  empty?: readonly string[];
  allDone?: readonly string[];
  /** What single tasks say beside that, by id. */
  say?: Readonly<Record<string, object>>;
  /** What the DAG says. */
  dag?: Partial<DagSpecInput>;
}

/** A DAG of noop tasks unless the shape says otherwise. */
export function graphOf({ edges, empty = [], allDone = [], say = {}, dag = {} }: DagShape): Graph {
  const tasks = tasksOf(edges).map(({ id, upstream }) => ({
    id,
    upstream,
    operator: empty.includes(id) ? "empty" : "noop",
    ...(allDone.includes(id) ? { triggerRule: "all_done" } : {}),
    ...say[id],
  }));
  return indexDag(DagSpec.parse({ id: "dag", ...dag, tasks }));
}
