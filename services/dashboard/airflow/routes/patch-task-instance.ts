import { z } from "zod";
import { AirflowTaskInstanceCollection, AirflowTaskPatch } from "#contract/airflow/task-instance.ts";
import { requestAct } from "../../request-act.ts";
import { refuseAbsent } from "../absent.ts";
import { awaitCommit } from "../await-commit.ts";
import { findRow } from "../find-row.ts";
import { instanceOf } from "../instances-of.ts";
import { writeNote } from "../note.ts";
import { defineOperation } from "../operation.ts";
import { TaskPath } from "../params.ts";
import { airflowQuery, Many } from "../query.ts";
import { readRunFacts } from "../read-run-facts.ts";

export const patchTaskInstance = defineOperation({
  operation: "patch_task_instance",
  ours: "`POST /api/v1/runs/:runId/tasks/:taskId/mark`, `PATCH /api/v1/runs/:runId`",
  differs: "Not: `include_*`; a mapped task needs `map_index`",
  method: "patch",
  path: "/api/v2/dags/:dagId/dagRuns/:dagRunId/taskInstances/:taskId",
  role: "operator",
  summary: "Ends a task as success, failed or skipped, or writes a note.",
  params: TaskPath,
  query: airflowQuery({
    map_index: z.coerce.number().int().min(-1).optional(),
    update_mask: Many.pipe(z.array(z.enum(["new_state", "note"]))).optional(),
  }),
  body: AirflowTaskPatch,
  reply: AirflowTaskInstanceCollection,
  async handle({ params, query: { map_index, update_mask: mask }, body, caller: { name: by }, signal }, ports) {
    const { new_state: state, note, ...include } = body;
    refuseAbsent(include);
    const { run, ...facts } = await readRunFacts(params, ports);
    const { id: taskId } = findRow({ run, ...facts }, params.taskId, map_index);
    const isMeant = (field: "new_state" | "note"): boolean => mask === undefined || mask.includes(field);
    if (isMeant("note")) await writeNote(note, { runId: run.id, taskId, by }, ports);
    if (isMeant("new_state") && state != null) {
      await requestAct(run.id, { type: "mark", tasks: [taskId], state }, by, ports);
      await awaitCommit(run, ports, signal);
    }
    const now = await readRunFacts(params, ports);
    return { body: { task_instances: [instanceOf(now, findRow(now, params.taskId, map_index))], total_entries: 1 } };
  },
});
