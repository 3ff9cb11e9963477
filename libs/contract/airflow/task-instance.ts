import { z } from "zod";
import { Instant } from "../instant.ts";
import { AirflowDate } from "./dag-run.ts";
import { AirflowDagVersion } from "./dag-version.ts";

const At = Instant.nullable();

/** Airflow's states of a task; null: its turn has not come. */
export const AirflowTaskState = z.enum([
  "scheduled",
  "queued",
  "running",
  "deferred",
  "up_for_retry",
  "restarting",
  "success",
  "failed",
  "upstream_failed",
  "skipped",
]);
export type AirflowTaskState = z.infer<typeof AirflowTaskState>;

/** One try of a task. */
export const AirflowTaskTry = z.object({
  task_id: z.string(),
  task_display_name: z.string(),
  dag_id: z.string(),
  dag_display_name: z.string(),
  dag_run_id: z.string(),
  /** -1: the task is not mapped, or its instances are not known yet. */
  map_index: z.int(),
  start_date: At,
  end_date: At,
  /** Seconds; of a try that has ended. */
  duration: z.number().nullable(),
  state: AirflowTaskState.nullable(),
  try_number: z.int(),
  max_tries: z.int(),
  /** The pod's name, else the worker's. */
  hostname: z.string().nullable(),
  unixname: z.string().nullable(),
  pool: z.string(),
  pool_slots: z.int(),
  queue: z.string().nullable(),
  priority_weight: z.int().nullable(),
  operator: z.string().nullable(),
  operator_name: z.string().nullable(),
  queued_when: At,
  scheduled_when: At,
  pid: z.int().nullable(),
  executor: z.string().nullable(),
  executor_config: z.string(),
  dag_version: AirflowDagVersion.nullable(),
});
export type AirflowTaskTry = z.infer<typeof AirflowTaskTry>;

export const AirflowTaskInstance = AirflowTaskTry.extend({
  /** Made of run, task and index. */
  id: z.uuid(),
  logical_date: At,
  run_after: Instant,
  note: z.string().nullable(),
  rendered_map_index: z.string().nullable(),
  /** What the task's texts became for its last try that has ended, by where they stand. */
  rendered_fields: z.record(z.string(), z.unknown()),
  trigger: z.null(),
  triggerer_job: z.null(),
});
export type AirflowTaskInstance = z.infer<typeof AirflowTaskInstance>;

export const AirflowTaskInstanceCollection = z.object({
  task_instances: z.array(AirflowTaskInstance),
  total_entries: z.int(),
});

export const AirflowTaskTryCollection = z.object({ task_instances: z.array(AirflowTaskTry), total_entries: z.int() });

export const AirflowClearBody = z
  .strictObject({
    /** As in Airflow: nothing is done unless this is false. */
    dry_run: z.boolean().default(true),
    dag_run_id: z.string().nullish(),
    /** A task with all its instances, or [task, index]. Absent: all. */
    task_ids: z
      .array(z.union([z.string(), z.tuple([z.string(), z.int().min(-1)])]))
      .min(1)
      .nullish(),
    /** Absent: true, unless only_running is. */
    only_failed: z.boolean().optional(),
    only_running: z.boolean().default(false),
    include_upstream: z.boolean().default(false),
    include_downstream: z.boolean().default(false),
    include_future: z.boolean().default(false),
    include_past: z.boolean().default(false),
    reset_dag_runs: z.boolean().default(true),
    run_on_latest_version: z.boolean().nullish(),
    prevent_running_task: z.boolean().default(false),
    start_date: AirflowDate.nullish(),
    end_date: AirflowDate.nullish(),
    note: z.string().max(1_000).nullish(),
  })
  .refine(body => !(body.only_failed && body.only_running), { error: "only_failed and only_running exclude each other" })
  .transform(({ only_failed, ...body }) => ({ ...body, only_failed: only_failed ?? !body.only_running }));
export type AirflowClearBody = z.output<typeof AirflowClearBody>;

export const AirflowTaskPatch = z.strictObject({
  new_state: z.enum(["success", "failed", "skipped"]).nullish(),
  note: z.string().max(1_000).nullish(),
  include_upstream: z.boolean().default(false),
  include_downstream: z.boolean().default(false),
  include_future: z.boolean().default(false),
  include_past: z.boolean().default(false),
});
