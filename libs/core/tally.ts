import type { SharedMap } from "./shared-map.ts";

/** How a task's upstreams stand: how many there are, and how many have ended in which way. */
export interface UpstreamTally {
  readonly total: number;
  readonly success: number;
  /** failed, or cancelled */
  readonly failed: number;
  readonly upstreamFailed: number;
  readonly skipped: number;
}

/** How the instances of a mapped task stand. */
export interface InstanceTally extends UpstreamTally {
  /** No instance before this one is waiting to be started. */
  readonly next: number;
  /** Those that are live or wait for a slot. */
  readonly active: number;
}

/**
 * What follows from a run's tasks and would cost their number to find out: kept in memory beside them, never stored, and derived anew
 * whenever a run is read.
 */
export interface Progress {
  /** Tasks of the DAG that have not ended. */
  readonly open: number;
  /** By task: how its upstreams stand. */
  readonly upstream: SharedMap<UpstreamTally>;
  /** By mapped task. */
  readonly instances: SharedMap<InstanceTally>;
}
