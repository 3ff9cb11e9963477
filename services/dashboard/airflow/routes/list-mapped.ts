import { AirflowTaskInstanceCollection } from "#contract/airflow/task-instance.ts";
import { NO_BODY } from "../../http/route.ts";
import { instanceOf } from "../instances-of.ts";
import { defineOperation } from "../operation.ts";
import { TaskPath } from "../params.ts";
import { readRunFacts } from "../read-run-facts.ts";
import { TaskListQuery } from "../task-list.ts";
import { NOT_MAPPED } from "../task-rows.ts";

export const listMapped = defineOperation({
  operation: "get_mapped_task_instances",
  ours: "`GET /api/v1/runs/:runId`",
  method: "get",
  path: "/api/v2/dags/:dagId/dagRuns/:dagRunId/taskInstances/:taskId/listMapped",
  role: "viewer",
  summary: "The instances of a mapped task, a page at a time.",
  params: TaskPath,
  query: TaskListQuery,
  body: NO_BODY,
  reply: AirflowTaskInstanceCollection,
  async handle({ params, query }, ports) {
    const facts = await readRunFacts(params, ports);
    const { page, total } = query.page(
      facts.rows.filter(({ spec, mapIndex }) => spec.id === params.taskId && mapIndex !== NOT_MAPPED),
    );
    return { body: { task_instances: page.map(row => instanceOf(facts, row)), total_entries: total } };
  },
});
