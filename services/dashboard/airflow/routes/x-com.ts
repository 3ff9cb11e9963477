import { z } from "zod";
import { AirflowXCom, AirflowXComCollection, type AirflowXComHead, RETURN_KEY } from "#contract/airflow/x-com.ts";
import { toInstant } from "#contract/instant.ts";
import { ApiError } from "../../http/api-error.ts";
import { NO_BODY } from "../../http/route.ts";
import { findRow } from "../find-row.ts";
import { defineOperation } from "../operation.ts";
import { TaskPath } from "../params.ts";
import { airflowQuery, Flag } from "../query.ts";
import { readRunFacts } from "../read-run-facts.ts";
import { instantOrNull } from "../replies/instant-or-null.ts";
import { dagRunIdOf } from "../run-id.ts";
import type { TaskRow } from "../task-rows.ts";

const MapIndex = z.coerce.number().int().min(-1).optional();

const PATH = "/api/v2/dags/:dagId/dagRuns/:dagRunId/taskInstances/:taskId/xcomEntries";

export const listXComs = defineOperation({
  operation: "get_xcom_entries",
  ours: "`GET /api/v1/runs/:runId`, `output` of a task",
  differs: "a task has one entry, `return_value`, or none. Not: `~`, filters and pages",
  method: "get",
  path: PATH,
  role: "viewer",
  summary: "The result of a task, if it has one.",
  params: TaskPath,
  query: airflowQuery({ map_index: MapIndex, xcom_key: z.string().optional() }),
  body: NO_BODY,
  reply: AirflowXComCollection,
  async handle({ params, query: { map_index, xcom_key = RETURN_KEY } }, ports) {
    const row = findRow(await readRunFacts(params, ports), params.taskId, map_index);
    const outputs = await ports.runs.outputs(row.run.id);
    const entries = outputs.has(row.id) && xcom_key === RETURN_KEY ? [headOf(row)] : [];
    return { body: { xcom_entries: entries, total_entries: entries.length } };
  },
});

export const showXCom = defineOperation({
  operation: "get_xcom_entry",
  ours: "`GET /api/v1/runs/:runId`, `output` of a task",
  differs: "`value` is the JSON value itself; with `stringify` its text. There is no key but `return_value`",
  method: "get",
  path: `${PATH}/:key`,
  role: "viewer",
  summary: "The result of a task.",
  params: TaskPath.extend({ key: z.string() }),
  query: airflowQuery({ map_index: MapIndex, deserialize: Flag.optional(), stringify: Flag.default(false) }),
  body: NO_BODY,
  reply: AirflowXCom,
  async handle({ params: { key, ...path }, query: { map_index, stringify } }, ports) {
    const row = findRow(await readRunFacts(path, ports), path.taskId, map_index);
    const value = key === RETURN_KEY ? (await ports.runs.outputs(row.run.id)).get(row.id) : undefined;
    if (value === undefined) throw new ApiError("WL_NOT_FOUND", `XCom entry with key: \`${key}\` not found`);
    return { body: { ...headOf(row), value: stringify ? JSON.stringify(value) : value } };
  },
});

const headOf = ({ run, spec, task, mapIndex }: TaskRow): AirflowXComHead => ({
  key: RETURN_KEY,
  timestamp: toInstant(task.endedAt ?? run.createdAt),
  logical_date: instantOrNull(run.logicalAt),
  run_after: toInstant(run.createdAt),
  map_index: mapIndex,
  task_id: spec.id,
  task_display_name: spec.id,
  dag_id: run.dagId,
  dag_display_name: run.dagId,
  run_id: dagRunIdOf(run.id),
});
