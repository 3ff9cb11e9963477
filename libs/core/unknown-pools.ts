import type { DagSpec } from "./dag-spec.ts";
import { DEFAULT_POOL } from "./pool.ts";

/** Pools that tasks name and nobody has set up, with the tasks that will wait for them. */
export function unknownPools(
  { tasks }: Pick<DagSpec, "tasks">,
  pools: readonly { name: string }[],
): { pool: string; tasks: string[] }[] {
  const known = new Set([DEFAULT_POOL, ...pools.map(({ name }) => name)]);
  const waiting = tasks.filter(({ pool = DEFAULT_POOL }) => !known.has(pool));
  return [...Map.groupBy(waiting, task => task.pool!)].map(([pool, own]) => ({ pool, tasks: own.map(({ id }) => id) }));
}
