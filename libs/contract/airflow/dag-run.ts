import { z } from "zod";
import { Instant } from "../instant.ts";
import { isShallow } from "../is-shallow.ts";
import { AirflowDagVersion } from "./dag-version.ts";
import { AirflowRunState, AirflowRunType } from "./run-state.ts";

const At = Instant.nullable();

/** A date with an offset, as Airflow wants it, read into ms. */
export const AirflowDate = z.iso.datetime({ offset: true }).transform(text => Date.parse(text));

const Note = z.string().max(1_000);

export const AirflowTriggerBody = z
  .strictObject({
    /** Any text; default: made from the time. */
    dag_run_id: z.string().min(1).max(250).nullish(),
    logical_date: AirflowDate.nullish(),
    data_interval_start: AirflowDate.nullish(),
    data_interval_end: AirflowDate.nullish(),
    run_after: AirflowDate.nullish(),
    conf: z.record(z.string(), z.unknown()).refine(isShallow, "is nested deeper than 64").nullish(),
    note: Note.nullish(),
    partition_key: z.string().nullish(),
  })
  .refine(body => (body.data_interval_start == null) === (body.data_interval_end == null), {
    error: "data_interval_start and data_interval_end go together",
  });
export type AirflowTriggerBody = z.output<typeof AirflowTriggerBody>;

export const AirflowRunPatch = z.strictObject({
  state: z.enum(["queued", "success", "failed"]).nullish(),
  note: Note.nullish(),
});

export const AirflowRunClearBody = z.strictObject({
  /** As in Airflow: nothing is done unless this is false. */
  dry_run: z.boolean().default(true),
  only_failed: z.boolean().default(false),
  only_new: z.boolean().default(false),
  run_on_latest_version: z.boolean().nullish(),
  note: Note.nullish(),
});

/** A run in Airflow's words. */
export const AirflowDagRun = z.object({
  dag_run_id: z.string(),
  dag_id: z.string(),
  dag_display_name: z.string(),
  logical_date: At,
  queued_at: At,
  start_date: At,
  end_date: At,
  /** Seconds; of a run that has ended. */
  duration: z.number().nullable(),
  data_interval_start: At,
  data_interval_end: At,
  run_after: Instant,
  last_scheduling_decision: At,
  run_type: AirflowRunType,
  state: AirflowRunState,
  triggered_by: z.enum(["cli", "operator", "rest_api", "ui", "test", "timetable", "asset", "backfill"]).nullable(),
  triggering_user_name: z.string().nullable(),
  conf: z.record(z.string(), z.unknown()).nullable(),
  note: z.string().nullable(),
  dag_versions: z.array(AirflowDagVersion),
  bundle_version: z.string().nullable(),
  partition_key: z.string().nullable(),
  partition_date: At,
});
export type AirflowDagRun = z.infer<typeof AirflowDagRun>;

export const AirflowDagRunCollection = z.object({ dag_runs: z.array(AirflowDagRun), total_entries: z.int() });
