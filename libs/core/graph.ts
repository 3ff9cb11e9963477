import type { DagSpec } from "./dag-spec.ts";
import { specIdOf } from "./instance-id.ts";
import type { TaskSpec } from "./task-spec.ts";
import { pathsOf } from "./template/paths.ts";

/** A DagSpec with its edges indexed both ways. Built once per version. */
export interface Graph {
  spec: DagSpec;
  tasks: ReadonlyMap<string, TaskSpec>;
  /** Direct downstreams by task id. */
  downstream: ReadonlyMap<string, readonly string[]>;
  /** Tasks that may be ready before any other has ended. */
  starters: readonly string[];
  /** Tasks whose states decide the run: those that nothing follows, teardowns aside. */
  leaves: readonly string[];
  /** By task: its direct upstreams that choose who goes on. */
  choosers: ReadonlyMap<string, readonly string[]>;
}

export function indexDag(spec: DagSpec): Graph {
  const tasks = new Map(spec.tasks.map(task => [task.id, task]));
  const downstream = new Map<string, string[]>(spec.tasks.map(task => [task.id, []]));
  const choosers = new Map<string, string[]>();
  for (const task of spec.tasks) {
    for (const up of task.upstream) {
      downstream.get(up)?.push(task.id);
      if (!isChooser(tasks.get(up))) continue;
      const known = choosers.get(task.id);
      if (known) known.push(up);
      else choosers.set(task.id, [up]);
    }
  }
  const isAside = (id: string): boolean => {
    const { teardown } = tasks.get(id)!;
    return teardown !== undefined && teardown.failsRun !== true;
  };
  return {
    spec,
    tasks,
    downstream,
    starters: spec.tasks.filter(task => task.upstream.length === 0 || task.triggerRule === "always").map(task => task.id),
    leaves: spec.tasks.filter(({ id }) => !isAside(id) && downstream.get(id)!.every(isAside)).map(task => task.id),
    choosers,
  };
}

const isChooser = (task: TaskSpec | undefined): boolean =>
  task?.operator === "branch" || task?.operator === "shortCircuit" || task?.operator === "latestOnly";

/** The spec of a run's task, which may be an instance of a mapped one. */
export const specOf = (graph: Graph, taskId: string): TaskSpec | undefined => graph.tasks.get(specIdOf(taskId));

/** All that comes after the tasks, directly or not. */
export function descendants(graph: Pick<Graph, "downstream">, taskIds: Iterable<string>): Set<string> {
  const found = new Set<string>();
  const open = [...taskIds];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const down of graph.downstream.get(id) ?? []) {
      if (found.has(down)) continue;
      found.add(down);
      open.push(down);
    }
  }
  return found;
}

/** The tasks whose results the scheduler itself reads. Their records carry the result. */
export function readByScheduler(spec: Pick<DagSpec, "tasks">): ReadonlySet<string> {
  const texts = spec.tasks.flatMap(task => [
    ...(task.operator === "branch" || task.operator === "shortCircuit" ? [task.on] : []),
    ...(typeof task.map?.over === "string" ? [task.map.over] : []),
  ]);
  return new Set(texts.flatMap(text => pathsOf(text).flatMap(([root, id]) => (root === "tasks" ? [String(id)] : []))));
}

/** The ids along one circle, first id repeated at the end; undefined when there is none. Edges to unknown tasks are ignored. */
export function findCycle(tasks: readonly Pick<TaskSpec, "id" | "upstream">[]): string[] | undefined {
  const upstream = new Map(tasks.map(task => [task.id, task.upstream ?? []]));
  const done = new Set<string>();
  // Empty again after each task.
  const path: string[] = [];
  const onPath = new Set<string>();
  const stack: { id: string; next: number }[] = [];
  for (const { id } of tasks) {
    if (done.has(id)) continue;
    // Depth first without recursion: a chain of 10,000 tasks must not overflow the stack.
    stack.push({ id, next: 0 });
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      if (top.next === 0) {
        if (done.has(top.id)) {
          stack.pop();
          continue;
        }
        path.push(top.id);
        onPath.add(top.id);
      }
      const up = upstream.get(top.id)?.[top.next++];
      if (up === undefined) {
        done.add(top.id);
        onPath.delete(top.id);
        path.pop();
        stack.pop();
      } else if (onPath.has(up)) {
        return [...path.slice(path.indexOf(up)), up].reverse();
      } else if (upstream.has(up) && !done.has(up)) {
        stack.push({ id: up, next: 0 });
      }
    }
  }
  return undefined;
}
