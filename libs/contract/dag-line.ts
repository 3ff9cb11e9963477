import { z } from "zod";
import { DagReply } from "./dag.ts";
import { Instant } from "./instant.ts";
import { RunState } from "./overview.ts";

/** A run as a bar of a small chart. */
const RunBarReply = z.object({
  id: z.string(),
  state: RunState,
  kind: z.string(),
  /** When it started; of one that has not, when it was created. */
  at: Instant,
  /** How long it ran. Absent: it has not ended, or never started. */
  tookMs: z.int().optional(),
});
export type RunBarReply = z.infer<typeof RunBarReply>;

/** A DAG with what its last runs tell. */
export const DagLineReply = DagReply.extend({
  /** The last 14, the youngest first. */
  lastRuns: z.array(RunBarReply),
  /** Runs under way. */
  active: z.int(),
  /** Share of its last runs that went well, of those that ended by themselves; from 0 to 1. */
  successRate: z.number().optional(),
  /** How long its last successful runs took. */
  p50Ms: z.number().optional(),
  p95Ms: z.number().optional(),
  /** The next scheduled run; absent without a schedule, and while the DAG is paused. */
  nextRunAt: Instant.optional(),
});
export type DagLineReply = z.infer<typeof DagLineReply>;

/** Of the list of DAGs with what their last runs tell. */
export const DagLinesQuery = z.strictObject({ removed: z.stringbool().default(false) });

export const DagLineListReply = z.object({ dags: z.array(DagLineReply) });
export type DagLineListReply = z.infer<typeof DagLineListReply>;
