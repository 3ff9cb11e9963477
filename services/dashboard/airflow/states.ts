import type { AirflowDagRun } from "#contract/airflow/dag-run.ts";
import type { AirflowRunState, AirflowRunType } from "#contract/airflow/run-state.ts";
import type { AirflowTaskState } from "#contract/airflow/task-instance.ts";
import type { RunState, TaskRun, TaskState, Trigger } from "#core/run.ts";

/** Airflow has no cancelled runs: one that was stopped by hand has failed. */
export const RUN_STATES: Readonly<Record<RunState, AirflowRunState>> = {
  queued: "queued",
  running: "running",
  success: "success",
  failed: "failed",
  cancelled: "failed",
};

const TASK_STATES: Readonly<Record<Exclude<TaskState, "cancelled">, AirflowTaskState | null>> = {
  none: null,
  scheduled: "scheduled",
  mapped: "running",
  queued: "queued",
  running: "running",
  deferred: "deferred",
  up_for_retry: "up_for_retry",
  restarting: "restarting",
  success: "success",
  failed: "failed",
  upstream_failed: "upstream_failed",
  skipped: "skipped",
};

/** Under Airflow's names. Of a stopped run what had begun has failed there, and the rest is skipped. */
export function airflowTaskState({ state, startedAt }: Pick<TaskRun, "state" | "startedAt">): AirflowTaskState | null {
  if (state !== "cancelled") return TASK_STATES[state];
  return startedAt === undefined ? "skipped" : "failed";
}

/** What started a run. Clients older than 3.3 know no `operator_triggered`: a run that a task has started is manual. */
export const RUN_TYPES: Readonly<Record<Trigger["kind"], AirflowRunType>> = {
  manual: "manual",
  schedule: "scheduled",
  api: "manual",
  adhoc: "manual",
  bench: "manual",
  backfill: "backfill",
  asset: "asset_triggered",
  trigger: "manual",
  rerun: "manual",
};

export const TRIGGERED_BY: Readonly<Record<Trigger["kind"], AirflowDagRun["triggered_by"]>> = {
  manual: "ui",
  schedule: "timetable",
  api: "rest_api",
  adhoc: "rest_api",
  bench: "test",
  backfill: "backfill",
  asset: "asset",
  trigger: "operator",
  rerun: "rest_api",
};
