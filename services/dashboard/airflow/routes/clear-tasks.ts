import { AirflowClearBody, AirflowTaskInstanceCollection } from "#contract/airflow/task-instance.ts";
import { instanceId } from "#core/instance-id.ts";
import { inputError } from "../../http/check.ts";
import { NOTHING } from "../../http/route.ts";
import { refuseAbsent } from "../absent.ts";
import { type Clearing, clearRun } from "../clear-run.ts";
import { instancesMeant } from "../instances-of.ts";
import { writeNote } from "../note.ts";
import { defineOperation } from "../operation.ts";
import { DagPath } from "../params.ts";
import { readRunFacts } from "../read-run-facts.ts";

export const clearTasks = defineOperation({
  operation: "post_clear_task_instances",
  ours: "`POST /api/v1/runs/:runId/clear`",
  differs:
    "tasks come along that the cleared ones need around them (setups, teardowns). Not: `include_past`, `include_future`, " +
    "`reset_dag_runs: false`, and ranges of dates: `dag_run_id` names the run",
  method: "post",
  path: "/api/v2/dags/:dagId/clearTaskInstances",
  role: "operator",
  summary: "Runs tasks of a run again; unless `dry_run` is false only says which.",
  params: DagPath,
  query: NOTHING,
  body: AirflowClearBody,
  reply: AirflowTaskInstanceCollection,
  async handle({ params: { dagId }, body, caller: { name: by }, signal }, ports) {
    const { dag_run_id: dagRunId, include_past, include_future, start_date, end_date } = body;
    refuseAbsent({ include_past, include_future, "reset_dag_runs: false": !body.reset_dag_runs });
    refuseAbsent({ start_date: start_date != null, end_date: end_date != null });
    if (dagRunId == null) throw inputError([{ in: "body", pointer: "#/dag_run_id", detail: "is needed here" }]);
    const path = { dagId, dagRunId };
    const facts = await readRunFacts(path, ports);
    const { id: runId } = facts.run;
    const tasks = await clearRun(runId, clearingOf(body), { by, signal }, ports);
    if (!body.dry_run && body.note != null) {
      for (const taskId of tasks) await writeNote(body.note, { runId, taskId, by }, ports);
    }
    return { body: instancesMeant(body.dry_run ? facts : await readRunFacts(path, ports), tasks) };
  },
});

const clearingOf = ({ task_ids, ...body }: AirflowClearBody): Clearing => ({
  ...(task_ids == null ? {} : { tasks: task_ids.map(taskIdOf) }),
  downstream: body.include_downstream,
  upstream: body.include_upstream,
  failedOnly: body.only_failed,
  onlyRunning: body.only_running,
  unlessRunning: body.prevent_running_task,
  version: body.run_on_latest_version ? "newest" : "run",
  dryRun: body.dry_run,
});

const taskIdOf = (task: string | [string, number]): string =>
  typeof task === "string" ? task : task[1] < 0 ? task[0] : instanceId(...task);
