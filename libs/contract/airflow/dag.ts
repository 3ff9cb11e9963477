import { z } from "zod";
import { Instant } from "../instant.ts";
import { AirflowDagVersion } from "./dag-version.ts";
import { AirflowRunType } from "./run-state.ts";

const At = Instant.nullable();

/** A DAG in Airflow's words. What Windlass has nothing for is null, false or 0. */
export const AirflowDag = z.object({
  dag_id: z.string(),
  dag_display_name: z.string(),
  is_paused: z.boolean(),
  is_stale: z.boolean(),
  last_parsed_time: At,
  last_parse_duration: z.number().nullable(),
  last_expired: At,
  bundle_name: z.string().nullable(),
  bundle_version: z.string().nullable(),
  relative_fileloc: z.string().nullable(),
  fileloc: z.string(),
  file_token: z.string(),
  description: z.string().nullable(),
  timetable_summary: z.string().nullable(),
  timetable_description: z.string().nullable(),
  timetable_partitioned: z.boolean(),
  timetable_periodic: z.boolean(),
  tags: z.array(z.object({ name: z.string(), dag_id: z.string(), dag_display_name: z.string() })),
  max_active_tasks: z.int(),
  max_active_runs: z.int().nullable(),
  max_consecutive_failed_dag_runs: z.int(),
  has_task_concurrency_limits: z.boolean(),
  has_import_errors: z.boolean(),
  is_backfillable: z.boolean(),
  next_dagrun_logical_date: At,
  next_dagrun_data_interval_start: At,
  next_dagrun_data_interval_end: At,
  next_dagrun_run_after: At,
  allowed_run_types: z.array(AirflowRunType).nullable(),
  owners: z.array(z.string()),
});
export type AirflowDag = z.infer<typeof AirflowDag>;

export const AirflowDagCollection = z.object({ dags: z.array(AirflowDag), total_entries: z.int() });

export const AirflowDagDetails = AirflowDag.extend({
  active_runs_count: z.int(),
  asset_expression: z.record(z.string(), z.unknown()).nullable(),
  catchup: z.boolean(),
  concurrency: z.int(),
  /** ISO 8601: "PT3600S". */
  dag_run_timeout: z.string().nullable(),
  default_args: z.record(z.string(), z.unknown()).nullable(),
  doc_md: z.string().nullable(),
  start_date: At,
  end_date: At,
  is_favorite: z.boolean(),
  is_paused_upon_creation: z.boolean().nullable(),
  last_parsed: At,
  latest_dag_version: AirflowDagVersion.nullable(),
  owner_links: z.record(z.string(), z.string()).nullable(),
  /** By name; `schema` is the JSON Schema without its default. */
  params: z.record(z.string(), z.unknown()).nullable(),
  render_template_as_native_obj: z.boolean(),
  rerun_with_latest_version: z.boolean().nullable(),
  template_search_path: z.array(z.string()).nullable(),
  timezone: z.string().nullable(),
});
export type AirflowDagDetails = z.infer<typeof AirflowDagDetails>;

export const AirflowDagPatch = z.strictObject({ is_paused: z.boolean() });
