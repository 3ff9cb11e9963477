import type { DagSpec } from "./dag-spec.ts";
import type { TaskSpec } from "./task-spec.ts";

/** A DagSpec with its edges indexed both ways. Built once per version. */
export interface Graph {
  spec: DagSpec;
  tasks: ReadonlyMap<string, TaskSpec>;
  /** Direct downstreams by task id. */
  downstream: ReadonlyMap<string, readonly string[]>;
  roots: readonly string[];
  leaves: readonly string[];
}

export function indexDag(spec: DagSpec): Graph {
  const tasks = new Map(spec.tasks.map(task => [task.id, task]));
  const downstream = new Map<string, string[]>(spec.tasks.map(task => [task.id, []]));
  for (const task of spec.tasks) for (const up of task.upstream) downstream.get(up)?.push(task.id);
  return {
    spec,
    tasks,
    downstream,
    roots: spec.tasks.filter(task => task.upstream.length === 0).map(task => task.id),
    leaves: spec.tasks.filter(task => downstream.get(task.id)?.length === 0).map(task => task.id),
  };
}

/** The ids along one circle, first id repeated at the end; undefined when there is none. Edges to unknown tasks are ignored. */
export function findCycle(tasks: readonly Pick<TaskSpec, "id" | "upstream">[]): string[] | undefined {
  const upstream = new Map(tasks.map(task => [task.id, task.upstream ?? []]));
  const done = new Set<string>();
  for (const { id } of tasks) {
    // Depth first without recursion: a chain of 10,000 tasks must not overflow the stack.
    const path: string[] = [];
    const onPath = new Set<string>();
    const stack: { id: string; next: number }[] = [{ id, next: 0 }];
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
