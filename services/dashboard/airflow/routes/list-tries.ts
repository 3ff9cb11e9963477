import { z } from "zod";
import { AirflowTaskTry, AirflowTaskTryCollection } from "#contract/airflow/task-instance.ts";
import { ApiError } from "../../http/api-error.ts";
import { NO_BODY } from "../../http/route.ts";
import { findRow } from "../find-row.ts";
import { factsOfRow } from "../instances-of.ts";
import { defineOperation } from "../operation.ts";
import { TaskPath, TryPath } from "../params.ts";
import { airflowQuery } from "../query.ts";
import { readRunFacts } from "../read-run-facts.ts";
import { airflowTries } from "../replies/task-instance-reply.ts";

const MapIndexQuery = airflowQuery({ map_index: z.coerce.number().int().min(-1).optional() });

const operation = {
  ours: "`GET /api/v1/runs/:runId`",
  method: "get",
  role: "viewer",
  query: MapIndexQuery,
  body: NO_BODY,
} as const;

const PATH = "/api/v2/dags/:dagId/dagRuns/:dagRunId/taskInstances/:taskId/tries";

export const listTries = defineOperation({
  ...operation,
  operation: "get_task_instance_tries",
  differs: "what infrastructure has ended is started again under the same number; the last restart is shown",
  path: PATH,
  summary: "The tries of a task, the first in front.",
  params: TaskPath,
  reply: AirflowTaskTryCollection,
  async handle({ params, query: { map_index } }, ports) {
    const facts = await readRunFacts(params, ports);
    const row = findRow(facts, params.taskId, map_index);
    const tries = airflowTries(row, factsOfRow(facts, row));
    return { body: { task_instances: tries, total_entries: tries.length } };
  },
});

export const showTry = defineOperation({
  ...operation,
  operation: "get_task_instance_try_details",
  path: `${PATH}/:tryNumber`,
  summary: "One try of a task.",
  params: TryPath,
  reply: AirflowTaskTry,
  async handle({ params, query: { map_index } }, ports) {
    const facts = await readRunFacts(params, ports);
    const row = findRow(facts, params.taskId, map_index);
    const found = airflowTries(row, factsOfRow(facts, row)).find(one => one.try_number === params.tryNumber);
    if (found === undefined) throw new ApiError("WL_TRY_UNKNOWN", `task '${row.id}' has no try ${params.tryNumber}`);
    return { body: found };
  },
});
