import type { DagSpec } from "#core/dag-spec.ts";
import { instanceId } from "#core/instance-id.ts";
import { type Run, type TaskRun, taskOf } from "#core/run.ts";
import { TaskSpec } from "#core/task-spec.ts";
import type { RunSummary } from "#state/run-record.ts";

/** Airflow's index of a task without instances. */
export const NOT_MAPPED = -1;

/** What Airflow calls a task instance. */
export interface TaskRow {
  run: RunSummary;
  spec: TaskSpec;
  /** What the record calls it: "load" or "load@3". */
  id: string;
  mapIndex: number;
  task: TaskRun;
}

/**
 * The tasks of a run in the order of the DAG's file. A mapped task is its instances as soon as they are known.
 * @param spec undefined: the version is gone; then the names that the record knows
 */
export function taskRows(run: Run, spec: DagSpec | undefined): TaskRow[] {
  const tasks = spec?.tasks ?? [...run.tasks.keys()].map(id => TaskSpec.parse({ id, operator: "noop" }));
  return tasks.flatMap(task => rowsOf(run, task));
}

function rowsOf(run: Run, spec: TaskSpec): TaskRow[] {
  const task = taskOf(run, spec.id);
  if (!task.count) return [{ run, spec, id: spec.id, mapIndex: NOT_MAPPED, task }];
  return Array.from({ length: task.count }, (_, mapIndex) => {
    const id = instanceId(spec.id, mapIndex);
    return { run, spec, id, mapIndex, task: taskOf(run, id) };
  });
}
