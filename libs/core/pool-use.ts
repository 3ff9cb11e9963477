import { type Graph, specOf } from "./graph.ts";
import { DEFAULT_POOL, type Pool } from "./pool.ts";
import type { Run, TaskState } from "./run.ts";

/** A pool, and who uses its slots now. Everything but `slots` is counted in slots that tasks want. */
export interface PoolUse extends Pool {
  /** Slots that are free; absent where there is no limit. A pool that was made smaller may have less than none: then 0. */
  open?: number;
  occupied: number;
  /** In a queue, or waiting for their next try. */
  queued: number;
  running: number;
  /** Ready, and waiting for a slot or for another limit. */
  waiting: number;
  deferred: number;
}

type Counted = "queued" | "running" | "waiting" | "deferred";

const COUNTED: Readonly<Partial<Record<TaskState, Counted>>> = {
  scheduled: "waiting",
  queued: "queued",
  up_for_retry: "queued",
  restarting: "queued",
  running: "running",
  deferred: "deferred",
};

/**
 * Who uses which pool, counted from the runs. Besides the pools that are set up there is the default one, and those that live tasks name
 * although nobody has set them up: they have 0 slots.
 */
export function poolUse(pools: readonly Pool[], runs: Iterable<{ run: Run; graph: Graph }>): PoolUse[] {
  const uses = new Map(pools.map(pool => [pool.name, useOf(pool)]));
  const isLimited = uses.has(DEFAULT_POOL);
  if (!isLimited) uses.set(DEFAULT_POOL, useOf({ name: DEFAULT_POOL, slots: 0 }));
  for (const { run, graph } of runs) {
    for (const [taskId, { state }] of run.tasks) {
      const counted = COUNTED[state];
      const spec = counted === undefined ? undefined : specOf(graph, taskId);
      if (counted === undefined || spec === undefined) continue;
      const { pool = DEFAULT_POOL, poolSlots = 1 } = spec;
      const use = uses.get(pool) ?? useOf({ name: pool, slots: 0 });
      use[counted] += poolSlots;
      uses.set(pool, use);
    }
  }
  return [...uses.values()]
    .map(use => finished(use, isLimited || use.name !== DEFAULT_POOL))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const useOf = (pool: Pool): PoolUse => ({ ...pool, occupied: 0, queued: 0, running: 0, waiting: 0, deferred: 0 });

function finished(use: PoolUse, isLimited: boolean): PoolUse {
  const occupied = use.queued + use.running + (use.includeDeferred === true ? use.deferred : 0);
  return { ...use, occupied, ...(isLimited ? { open: Math.max(0, use.slots - occupied) } : {}) };
}
