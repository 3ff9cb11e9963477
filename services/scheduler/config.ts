import { hostname } from "node:os";
import { z } from "zod";
import { backgroundSettings } from "#runtime/service-settings.ts";

/** Exactly the variables the scheduler reads. */
export const SchedulerConfig = z.object({
  REDIS_URL: z.string().default("redis://127.0.0.1:6379").describe("Where Redis is"),
  WINDLASS_PREFIX: z.string().default("{windlass}").describe("Key prefix; the braces keep all keys in one slot"),
  WINDLASS_DAGS_DIR: z.string().default("dags").describe("Folder of DAG files; may be a symbolic link that is swapped"),
  WINDLASS_BUNDLES_DIR: z
    .string()
    .default(".windlass/bundles")
    .describe("Where this scheduler unpacks DAG folders that were sent over the API; a folder of its own"),
  WINDLASS_SCHEDULER_ID: z.string().default(hostname()).describe("Name of this scheduler in the lease and in logs"),
  WINDLASS_LEASE_MS: z.coerce
    .number()
    .int()
    .min(500)
    .default(3_000)
    .describe("A standby takes over this long after a leader's death, at most a third more"),
  WINDLASS_RECONCILE_MS: z.coerce
    .number()
    .int()
    .min(200)
    .default(10_000)
    .describe("How often record, memory and queue are compared"),
  WINDLASS_RETENTION_MS: z.coerce
    .number()
    .int()
    .min(1_000)
    .default(30 * 86_400_000)
    .describe("How long an ended run is kept"),
  WINDLASS_RETENTION_RUNS: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .describe("The youngest runs of a DAG that are kept; absent: all, until WINDLASS_RETENTION_MS is over"),
  WINDLASS_ARCHIVE_AFTER_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(600_000)
    .describe("How long after its end a run is compressed into one value"),
  ...backgroundSettings(8081),
});
export type SchedulerConfig = z.infer<typeof SchedulerConfig>;
