import { z } from "zod";
import { DurationMs } from "#core/duration.ts";
import { PodPatch } from "#core/pod/pod-patch.ts";
import type { SchedulePreset } from "./schedule-of.ts";
import { DefaultArgs } from "./task-options.ts";

/** Keeps the presets in an editor's completion although any string is allowed. */
type CronText = SchedulePreset | (string & {});

const cronText = z.custom<CronText>(value => typeof value === "string", { error: "expected a cron expression" });

const Instant = z.union([z.string(), z.date()], { error: 'a date such as "2026-01-31" or "2026-01-31T06:30"' });

export const DagOptions = z.strictObject({
  /**
   * When runs start by themselves: a cron expression with five or six fields, several of them, a preset such as "@daily", or a
   * fixed interval `{ every: "10m" }`. Default: only when somebody starts one.
   */
  schedule: z
    .union([cronText, z.array(cronText).min(1), z.strictObject({ every: DurationMs })], {
      error: 'a cron expression, a list of them, a preset such as "@daily", or { every: "10m" }',
    })
    .optional(),
  /** IANA name of the zone that cron fields and dates are read in. Default: "UTC". */
  timezone: z.string().optional(),
  /** No scheduled run before it: "2026-01-31", "2026-01-31T06:30", with "Z" or an offset if it is not wall time in `timezone`, or a Date. */
  startDate: Instant.optional(),
  /** No scheduled run after it; the instant itself counts. */
  endDate: Instant.optional(),
  /** true: every tick missed while the scheduler was away is made up; false: only the latest one. Default: false. */
  catchup: z.boolean().optional(),
  /** How many runs of the DAG may be under way at once. Default: 16. */
  maxActiveRuns: z.number().int().min(1).optional(),
  /** Words to find the DAG by. Default: none. */
  tags: z.array(z.string()).optional(),
  /** Who answers for the DAG. */
  owner: z.string().optional(),
  /** One sentence for the dashboard. */
  description: z.string().optional(),
  /** A part of a Pod that is laid under the pod of every task: { spec: { priorityClassName: "batch" } }. The task's container is "main". */
  podDefaults: PodPatch.optional(),
  /** What holds for every task that does not say otherwise. */
  defaultArgs: DefaultArgs.optional(),
});
/** Options of a DAG, under Airflow's names. */
export interface DagOptions extends z.input<typeof DagOptions> {}
