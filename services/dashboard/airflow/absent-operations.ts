import { z } from "zod";
import { absent } from "./absent.ts";
import { type AirflowOperation, defineOperation } from "./operation.ts";

type Method = AirflowOperation["method"];

const DAG = "/api/v2/dags/:dagId";
const RUN = `${DAG}/dagRuns/:dagRunId`;
const TASK = `${RUN}/taskInstances/:taskId`;

/** Operations whose paths would else be taken for others'; every other path is refused as it comes. */
const ROWS: readonly (readonly [operation: string, method: Method, path: string, ours: string])[] = [
  ["delete_dag", "delete", DAG, "`DELETE /api/v1/dags/:dagId`, of a DAG whose file is gone"],
  ["delete_dag_run", "delete", RUN, "runs go by themselves: `WINDLASS_RETENTION_MS`, `WINDLASS_RETENTION_RUNS`"],
  ["bulk_dag_runs", "patch", `${DAG}/dagRuns`, "run by run"],
  ["get_list_dag_runs_batch", "post", `${DAG}/dagRuns/list`, "`GET` with the same filters"],
  ["bulk_task_instances", "patch", `${RUN}/taskInstances`, "task by task"],
  ["get_task_instances_batch", "post", `${RUN}/taskInstances/list`, "`GET` with the same filters"],
  ["delete_task_instance", "delete", TASK, ""],
  ["get_task_instance_dependencies", "get", `${TASK}/dependencies`, "`GET /api/v1/runs/:runId/tasks/:taskId/why`"],
  ["get_extra_links", "get", `${TASK}/links`, ""],
  ["patch_task_instance_dry_run", "patch", `${TASK}/dry_run`, ""],
  ["patch_task_instance_by_map_index", "patch", `${TASK}/:mapIndex`, "`patch_task_instance` with `map_index`"],
  ["get_mapped_task_instance_tries", "get", `${TASK}/:mapIndex/tries`, "`get_task_instance_tries` with `map_index`"],
  ["get_external_log_url", "get", `${TASK}/externalLogUrl/:tryNumber`, "`GET /api/v1/runs/:runId/tasks/:taskId/logs`"],
  ["create_xcom_entry", "post", `${TASK}/xcomEntries`, "only tasks write results"],
  ["update_xcom_entry", "patch", `${TASK}/xcomEntries/:key`, "only tasks write results"],
  ["delete_xcom_entry", "delete", `${TASK}/xcomEntries/:key`, "only tasks write results"],
];

/** Of Airflow's API, but not here: 501, whatever is asked. */
export const absentOperations: readonly AirflowOperation[] = ROWS.map(([operation, method, path, ours]) =>
  defineOperation({
    operation,
    ours,
    method,
    path,
    role: "viewer",
    summary: "Is not there: 501.",
    params: z.unknown(),
    query: z.unknown(),
    body: z.unknown(),
    reply: z.never(),
    async handle() {
      throw absent(`'${operation}'`);
    },
  }),
);

/** What Airflow has under other paths, and where Windlass has it. */
export const ABSENT_GROUPS: readonly (readonly [what: string, ours: string])[] = [
  ["`assets`, asset events", "`/api/v1/assets`"],
  ["`backfills`", "`/api/v1/backfills`"],
  ["`connections`", "none: a task gets its secrets from Kubernetes"],
  ["`config`", "`/api/v1/config`"],
  ["`dagVersions`, `dagTags`, `dagStats`, `dagWarnings`", "`/api/v1/dags/:dagId/versions`, `/api/v1/dags`"],
  ["`eventLogs`", "`/api/v1/audit`"],
  ["`hitlDetails`", "`POST /api/v1/runs/:runId/tasks/:taskId/approval`"],
  ["`importErrors`, `parseDagFile`", "`/api/v1/import-errors`; files are read as they change"],
  ["`jobs`, `plugins`, `providers`", "`/api/v1/workers`"],
  ["`pools`, `variables`", "`/api/v1/pools`, `/api/v1/variables`"],
  ["`tasks` of a DAG", "`spec` of `GET /api/v1/dags/:dagId`"],
  ["`state-store`, `taskGroupInstances`", "none"],
];
