import { z } from "zod";
import { DurationMs } from "#core/duration.ts";
import { Id } from "#core/id.ts";
import { TriggerRule } from "#core/trigger-rule.ts";
import { AssetInput } from "./asset.ts";
import { taskNotices } from "./notice-options.ts";

const Backoff = z.union([
  z.enum(["fixed", "exponential"]),
  z.strictObject({
    /** "exponential" doubles the delay after every try. */
    type: z.enum(["fixed", "exponential"]),
    /** The longest delay. Default: "24h". */
    max: DurationMs.optional(),
    /** 0..1: lengthens each delay by up to this share, so that many tasks do not come back at once. Default: 0. */
    jitter: z.number().min(0).max(1).optional(),
  }),
]);

/** What every task can say. */
export const everyTask = {
  /** By what its upstreams ended as the task starts, is skipped, or fails with them: [trigger rules](#trigger-rules). Default: "all_success". */
  triggerRule: TriggerRule.optional(),
  /** true: the same task of the run before must have succeeded or been skipped. Default: false. */
  dependsOnPast: z.boolean().optional(),
  /** true: what comes directly after the task must have ended well in the run before; implies dependsOnPast. Default: false. */
  waitForDownstream: z.boolean().optional(),
  /** Assets that a success of the task updates: [asset("s3://lake/orders")]. DAGs can be scheduled on them, tasks can wait for them. */
  outlets: z.array(AssetInput).min(1).optional(),
  ...taskNotices,
};

/** What a task can say that goes through a queue to a worker. */
export const workerTask = {
  /** The pool whose slots the task uses while it is live. Default: "default". */
  pool: Id.optional(),
  /** How many slots of the pool it uses. Default: 1. */
  poolSlots: z.number().int().min(1).optional(),
  /** Among tasks that wait for the same slots the one with the highest weight starts first. Default: 1. See the DAG's weightRule. */
  priority: z.number().int().min(-1_000_000).max(1_000_000).optional(),
  /** At most so many of the task at once, over all runs of the DAG. Default: no limit. */
  maxActive: z.number().int().min(1).optional(),
  /** The queue whose workers run the task. Default: "pods". */
  queue: Id.optional(),
  /** How often a failed try is repeated. Default: 0. */
  retries: z.number().int().min(0).max(1_000).optional(),
  /** Time between the end of a try and the start of the next: "10s", "5m", or milliseconds. Default: "5m". */
  retryDelay: DurationMs.optional(),
  /** How the delay grows from try to try. Default: "fixed". */
  backoff: Backoff.optional(),
  /** The longest that one try may run, counted from the start of its container; of a task without one from its first look. Default: no limit. */
  timeout: DurationMs.refine(ms => ms > 0, { error: "a timeout must be longer than 0" }).optional(),
};
