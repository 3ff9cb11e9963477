import { z } from "zod";
import { AirflowDagRun, AirflowRunClearBody } from "#contract/airflow/dag-run.ts";
import { AirflowTaskInstanceCollection } from "#contract/airflow/task-instance.ts";
import { NOTHING } from "../../http/route.ts";
import { refuseAbsent } from "../absent.ts";
import { clearRun as clear } from "../clear-run.ts";
import { instancesMeant } from "../instances-of.ts";
import { writeNote } from "../note.ts";
import { defineOperation } from "../operation.ts";
import { RunPath } from "../params.ts";
import { pathRunId, readRunFacts, readSummary } from "../read-run-facts.ts";
import { readRunReply } from "../read-run-reply.ts";

export const clearRun = defineOperation({
  operation: "clear_dag_run",
  ours: "`POST /api/v1/runs/:runId/clear`",
  differs: "what runs is stopped first, and the run goes on when it has. Not: `only_new`",
  method: "post",
  path: "/api/v2/dags/:dagId/dagRuns/:dagRunId/clear",
  role: "operator",
  summary: "Runs all tasks of a run again, or those that failed; unless `dry_run` is false only says which.",
  params: RunPath,
  query: NOTHING,
  body: AirflowRunClearBody,
  reply: z.union([AirflowDagRun, AirflowTaskInstanceCollection]),
  async handle({ params, body, caller: { name: by }, signal }, ports) {
    refuseAbsent({ only_new: body.only_new });
    const facts = await readRunFacts(params, ports);
    const { dry_run: dryRun, only_failed: failedOnly, run_on_latest_version: isNewest } = body;
    const runId = pathRunId(params);
    const tasks = await clear(runId, { failedOnly, version: isNewest ? "newest" : "run", dryRun }, { by, signal }, ports);
    if (dryRun) return { body: instancesMeant(facts, tasks) };
    await writeNote(body.note ?? undefined, { runId, by }, ports);
    return { body: await readRunReply(await readSummary(params, ports), ports) };
  },
});
