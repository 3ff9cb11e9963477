import { AirflowTaskInstance } from "#contract/airflow/task-instance.ts";
import { NO_BODY, NOTHING } from "../../http/route.ts";
import { findRow } from "../find-row.ts";
import { instanceOf } from "../instances-of.ts";
import { defineOperation } from "../operation.ts";
import { MappedTaskPath, TaskPath } from "../params.ts";
import { readRunFacts } from "../read-run-facts.ts";

const operation = {
  ours: "`GET /api/v1/runs/:runId`",
  method: "get",
  role: "viewer",
  summary: "One task of a run.",
  query: NOTHING,
  body: NO_BODY,
  reply: AirflowTaskInstance,
} as const;

export const showTaskInstance = defineOperation({
  ...operation,
  operation: "get_task_instance",
  path: "/api/v2/dags/:dagId/dagRuns/:dagRunId/taskInstances/:taskId",
  params: TaskPath,
  async handle({ params }, ports) {
    const facts = await readRunFacts(params, ports);
    return { body: instanceOf(facts, findRow(facts, params.taskId)) };
  },
});

export const showMappedTaskInstance = defineOperation({
  ...operation,
  operation: "get_mapped_task_instance",
  path: "/api/v2/dags/:dagId/dagRuns/:dagRunId/taskInstances/:taskId/:mapIndex",
  params: MappedTaskPath,
  async handle({ params }, ports) {
    const facts = await readRunFacts(params, ports);
    return { body: instanceOf(facts, findRow(facts, params.taskId, params.mapIndex)) };
  },
});
