import type { AirflowTaskInstance, AirflowTaskTry } from "#contract/airflow/task-instance.ts";
import { toInstant } from "#contract/instant.ts";
import { DEFAULT_QUEUE } from "#core/queue-name.ts";
import type { TaskRun, TryRecord } from "#core/run.ts";
import type { Remark } from "#state/act-store.ts";
import { dagRunIdOf } from "../run-id.ts";
import { airflowTaskState } from "../states.ts";
import type { TaskRow } from "../task-rows.ts";
import { uuidOf } from "../uuid-of.ts";
import type { DagVersions } from "./dag-version-reply.ts";
import { instantOrNull, secondsBetween } from "./instant-or-null.ts";

/** What is known of a row beside its record. */
export interface TaskFacts {
  versions: DagVersions;
  remark?: Remark | undefined;
  /** Those that have ended, in their order. */
  tries?: readonly TryRecord[];
}

export function airflowTaskInstance(row: TaskRow, { versions, remark, tries = [] }: TaskFacts): AirflowTaskInstance {
  const { run, task, id } = row;
  return {
    ...tryOf(row, task, versions),
    id: uuidOf(run.id, id),
    logical_date: instantOrNull(run.logicalAt),
    run_after: toInstant(run.createdAt),
    note: remark?.text ?? null,
    rendered_map_index: null,
    rendered_fields: { ...tries.at(-1)?.rendered },
    trigger: null,
    triggerer_job: null,
  };
}

/**
 * One for each try; of one that infrastructure has restarted, the last restart. A task that waits for its next try is known by those
 * that have ended, every other stands at the end as it is now.
 */
export function airflowTries(row: TaskRow, { versions, tries = [] }: TaskFacts): AirflowTaskTry[] {
  const { task } = row;
  const ended = new Map(tries.map(one => [one.try, one]));
  if (task.state !== "up_for_retry") ended.delete(task.try);
  const before = [...ended.values()].sort((a, b) => a.try - b.try).map(one => tryOf(row, one, versions));
  return task.state === "up_for_retry" ? before : [...before, tryOf(row, task, versions)];
}

/** What a task and one of its ended tries have in common. */
type Attempt = Pick<TaskRun, "state" | "try" | "startedAt" | "endedAt" | "worker" | "pod" | "queuedAt" | "readyAt">;

function tryOf({ run, spec, mapIndex, task }: TaskRow, one: Attempt, versions: DagVersions): AirflowTaskTry {
  return {
    task_id: spec.id,
    task_display_name: spec.id,
    dag_id: run.dagId,
    dag_display_name: run.dagId,
    dag_run_id: dagRunIdOf(run.id),
    map_index: mapIndex,
    start_date: instantOrNull(one.startedAt),
    end_date: instantOrNull(one.endedAt),
    duration: secondsBetween(one.startedAt, one.endedAt),
    state: airflowTaskState(one),
    try_number: one.try,
    max_tries: (task.floor ?? 0) + spec.retry.retries,
    hostname: one.pod?.name ?? one.worker ?? null,
    unixname: null,
    pool: spec.pool ?? "default",
    pool_slots: spec.poolSlots ?? 1,
    queue: spec.queue ?? DEFAULT_QUEUE,
    priority_weight: spec.priority ?? 1,
    operator: spec.operator,
    operator_name: spec.operator,
    queued_when: instantOrNull(one.queuedAt),
    scheduled_when: instantOrNull(one.readyAt),
    pid: null,
    executor: null,
    executor_config: "{}",
    dag_version: versions.get(run.version) ?? null,
  };
}
