import { z } from "zod";
import { AirflowDagRun, AirflowRunPatch } from "#contract/airflow/dag-run.ts";
import { requestAct } from "../../request-act.ts";
import { absent } from "../absent.ts";
import { awaitCommit } from "../await-commit.ts";
import { writeNote } from "../note.ts";
import { defineOperation } from "../operation.ts";
import { RunPath } from "../params.ts";
import { airflowQuery, Many } from "../query.ts";
import { readSummary } from "../read-run-facts.ts";
import { readRunReply } from "../read-run-reply.ts";

export const patchRun = defineOperation({
  operation: "patch_dag_run",
  ours: "`POST /api/v1/runs/:runId/mark`, `PATCH /api/v1/runs/:runId`",
  differs: "pods that run are stopped before the run has ended. Not: `state: queued`; clear the run instead",
  method: "patch",
  path: "/api/v2/dags/:dagId/dagRuns/:dagRunId",
  role: "operator",
  summary: "Ends a run as success or failed, or writes a note.",
  params: RunPath,
  query: airflowQuery({ update_mask: Many.pipe(z.array(z.enum(["state", "note"]))).optional() }),
  body: AirflowRunPatch,
  reply: AirflowDagRun,
  async handle({ params, query: { update_mask: mask }, body, caller: { name: by }, signal }, ports) {
    const run = await readSummary(params, ports);
    const isMeant = (field: "state" | "note"): boolean => mask === undefined || mask.includes(field);
    const state = isMeant("state") ? (body.state ?? undefined) : undefined;
    if (state === "queued") throw absent("'state: queued'");
    if (isMeant("note")) await writeNote(body.note, { runId: run.id, by }, ports);
    if (state !== undefined) {
      await requestAct(run.id, { type: "markRun", state }, by, ports);
      await awaitCommit(run, ports, signal);
    }
    return { body: await readRunReply(await readSummary(params, ports), ports) };
  },
});
