import type { AirflowDagRun } from "#contract/airflow/dag-run.ts";
import { toInstant } from "#contract/instant.ts";
import type { Remark } from "#state/act-store.ts";
import type { RunSummary } from "#state/run-record.ts";
import { dagRunIdOf } from "../run-id.ts";
import { RUN_STATES, RUN_TYPES, TRIGGERED_BY } from "../states.ts";
import type { DagVersions } from "./dag-version-reply.ts";
import { instantOrNull, secondsBetween } from "./instant-or-null.ts";

export function airflowRun(
  run: RunSummary,
  { versions, remark }: { versions: DagVersions; remark?: Remark | undefined },
): AirflowDagRun {
  const version = versions.get(run.version);
  return {
    dag_run_id: dagRunIdOf(run.id),
    dag_id: run.dagId,
    dag_display_name: run.dagId,
    logical_date: instantOrNull(run.logicalAt),
    queued_at: toInstant(run.createdAt),
    start_date: instantOrNull(run.startedAt),
    end_date: instantOrNull(run.endedAt),
    duration: secondsBetween(run.startedAt, run.endedAt),
    data_interval_start: instantOrNull(run.interval?.startAt),
    data_interval_end: instantOrNull(run.interval?.endAt),
    run_after: toInstant(run.createdAt),
    last_scheduling_decision: null,
    run_type: RUN_TYPES[run.trigger.kind],
    state: RUN_STATES[run.state],
    triggered_by: TRIGGERED_BY[run.trigger.kind],
    triggering_user_name: run.trigger.by ?? null,
    conf: { ...run.conf },
    note: remark?.text ?? null,
    dag_versions: version === undefined ? [] : [version],
    bundle_version: run.version,
    partition_key: null,
    partition_date: null,
  };
}
