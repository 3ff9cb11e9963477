import type { AirflowTaskInstance } from "#contract/airflow/task-instance.ts";
import type { RunFacts } from "./read-run-facts.ts";
import { airflowTaskInstance, type TaskFacts } from "./replies/task-instance-reply.ts";
import type { TaskRow } from "./task-rows.ts";

/** What is known of a row beside its record. */
export const factsOfRow = ({ versions, remarks, tries }: RunFacts, { id }: TaskRow): TaskFacts => ({
  versions,
  remark: remarks.tasks.get(id),
  tries: tries.get(id) ?? [],
});

export const instanceOf = (facts: RunFacts, row: TaskRow): AirflowTaskInstance =>
  airflowTaskInstance(row, factsOfRow(facts, row));

/** Those of an act's tasks; a mapped task stands for its instances. */
export function instancesMeant(facts: RunFacts, taskIds: readonly string[]) {
  const rows = facts.rows.filter(row => taskIds.includes(row.id) || taskIds.includes(row.spec.id));
  return { task_instances: rows.map(row => instanceOf(facts, row)), total_entries: rows.length };
}
