import type { DagSpec } from "./dag-spec.ts";
import { specIdOf } from "./instance-id.ts";
import { isFinal, type Run } from "./run.ts";

/**
 * Why a run cannot go on with another version of its DAG, one sentence a task; empty: it can. Tasks that have begun must be there, and be
 * the same kind of thing; those that have not may come, go and change.
 */
export function canMoveTo(from: DagSpec, to: DagSpec, run: Pick<Run, "tasks">): string[] {
  if (from.id !== to.id) return [`the other version is one of DAG '${to.id}'`];
  const before = new Map(from.tasks.map(task => [task.id, task]));
  const after = new Map(to.tasks.map(task => [task.id, task]));
  const begun = new Map<string, boolean>();
  for (const [id, { state, count }] of run.tasks) {
    if (state === "none" || state === "scheduled") continue;
    const isOpenMap = count !== undefined && !isFinal(state);
    begun.set(specIdOf(id), isOpenMap || begun.get(specIdOf(id)) === true);
  }
  return [...begun].flatMap(([id, isOpenMap]) => {
    const [old, young] = [before.get(id), after.get(id)];
    if (young === undefined) return [`task '${id}' has begun and is not in the other version`];
    if (old === undefined) return [];
    if (old.operator !== young.operator) return [`task '${id}' was ${old.operator} and is ${young.operator}`];
    if ((old.map === undefined) !== (young.map === undefined))
      return [`task '${id}' ${old.map === undefined ? "is mapped" : "is not mapped any more"} in the other version`];
    if (isOpenMap && JSON.stringify(old.map?.over) !== JSON.stringify(young.map?.over))
      return [`task '${id}' is under way over another list`];
    return [];
  });
}
