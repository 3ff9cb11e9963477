import type { AirflowDag, AirflowDagDetails } from "#contract/airflow/dag.ts";
import type { AirflowDagVersion } from "#contract/airflow/dag-version.ts";
import { toInstant } from "#contract/instant.ts";
import type { DagSpec } from "#core/dag-spec.ts";
import type { Tick } from "#core/schedule/dag-clock.ts";
import type { DagRow } from "#state/dag-store.ts";
import { isPeriodic, scheduleText } from "../schedule-text.ts";
import { uuidOf } from "../uuid-of.ts";
import { instantOrNull } from "./instant-or-null.ts";
import { airflowParams } from "./params-reply.ts";

/** What Airflow wants a number for where there is no limit. */
const NO_LIMIT = 2 ** 31 - 1;

/** A DAG beside its spec and the tick that its schedule starts next. */
export interface DagFacts {
  row: DagRow;
  spec: DagSpec;
  next: Tick | undefined;
}

export function airflowDag({ row, spec, next }: DagFacts): AirflowDag {
  const { summary, description } = scheduleText(row.schedule);
  const isStale = row.removedAt !== undefined;
  return {
    dag_id: row.id,
    dag_display_name: row.id,
    is_paused: row.paused,
    is_stale: isStale,
    last_parsed_time: toInstant(row.publishedAt),
    last_parse_duration: null,
    last_expired: null,
    bundle_name: null,
    bundle_version: row.version,
    relative_fileloc: row.file,
    fileloc: row.file,
    file_token: uuidOf(row.file),
    description: row.description ?? null,
    timetable_summary: summary,
    timetable_description: description,
    timetable_partitioned: false,
    timetable_periodic: isPeriodic(row.schedule),
    tags: [...row.tags].sort().map(name => ({ name, dag_id: row.id, dag_display_name: row.id })),
    max_active_tasks: spec.maxActiveTasks ?? NO_LIMIT,
    max_active_runs: spec.maxActiveRuns,
    max_consecutive_failed_dag_runs: 0,
    has_task_concurrency_limits: spec.tasks.some(task => task.maxActive !== undefined),
    has_import_errors: row.stale === true,
    is_backfillable: isPeriodic(row.schedule),
    next_dagrun_logical_date: instantOrNull(next?.logicalAt),
    next_dagrun_data_interval_start: instantOrNull(next?.interval.startAt),
    next_dagrun_data_interval_end: instantOrNull(next?.interval.endAt),
    next_dagrun_run_after: instantOrNull(next?.dueAt),
    allowed_run_types: null,
    owners: row.owner === undefined ? [] : [row.owner],
  };
}

export function airflowDagDetails(
  facts: DagFacts,
  { version, activeRuns }: { version: AirflowDagVersion | undefined; activeRuns: number },
): AirflowDagDetails {
  const { row, spec } = facts;
  const dag = airflowDag(facts);
  return {
    ...dag,
    active_runs_count: activeRuns,
    asset_expression: null,
    catchup: spec.catchup,
    concurrency: dag.max_active_tasks,
    dag_run_timeout: spec.runTimeoutMs === undefined ? null : `PT${spec.runTimeoutMs / 1_000}S`,
    default_args: null,
    doc_md: null,
    start_date: instantOrNull(spec.startAt),
    end_date: instantOrNull(spec.endAt),
    is_favorite: false,
    is_paused_upon_creation: false,
    last_parsed: toInstant(row.publishedAt),
    latest_dag_version: version ?? null,
    owner_links: null,
    params: airflowParams(spec.params),
    // A text that is one whole expression keeps the type of its value.
    render_template_as_native_obj: true,
    rerun_with_latest_version: false,
    template_search_path: null,
    timezone: row.timezone,
  };
}
