import { AirflowDagRun, AirflowTriggerBody } from "#contract/airflow/dag-run.ts";
import { ADHOC_DAG } from "#core/dag-spec.ts";
import { compactInstant } from "#core/ids.ts";
import { newRun, type RunHeader } from "#core/run.ts";
import { confOf } from "../../conf-of.ts";
import { createRun } from "../../create-run.ts";
import { inputError } from "../../http/check.ts";
import { NOTHING } from "../../http/route.ts";
import { unknownDag } from "../../routes/unknown.ts";
import { refuseAbsent } from "../absent.ts";
import { readDagFacts } from "../dag-facts.ts";
import { writeNote } from "../note.ts";
import { defineOperation } from "../operation.ts";
import { DagPath } from "../params.ts";
import { readVersions } from "../read-run-facts.ts";
import { airflowRun } from "../replies/dag-run-reply.ts";
import { runIdOf } from "../run-id.ts";

/** Of a caller that says "now". */
const CLOCKS_DIFFER_MS = 5_000;

export const triggerRun = defineOperation({
  operation: "trigger_dag_run",
  ours: "`POST /api/v1/dags/:dagId/runs`",
  differs:
    "a run of a paused DAG starts at once, one of a DAG with import errors with its last good version; two runs may have one " +
    "`logical_date`; an id that is made begins with `manual-`. With `Idempotency-Key`: once. Not: `partition_key`, a `run_after` that is to come",
  method: "post",
  path: "/api/v2/dags/:dagId/dagRuns",
  role: "operator",
  summary: "Starts a run, with `conf`, `dag_run_id`, `logical_date`, `data_interval_*` and `note`.",
  params: DagPath,
  query: NOTHING,
  body: AirflowTriggerBody,
  reply: AirflowDagRun,
  idempotent: "recorded",
  async handle({ params: { dagId }, body, header, caller: { name: by }, requestId }, ports) {
    const createdAt = ports.now();
    refuseAbsent({ partition_key: body.partition_key != null, run_after: (body.run_after ?? 0) > createdAt + CLOCKS_DIFFER_MS });
    const { row, spec } = await readDagFacts(dagId, ports);
    if (row.removedAt !== undefined || dagId === ADHOC_DAG) throw unknownDag(dagId);
    const run: RunHeader = {
      id: idOf(dagId, body.dag_run_id ?? `manual-${compactInstant(createdAt)}-${ports.chance()}`),
      dagId,
      version: row.version,
      trigger: { kind: "api", by, requestId },
      conf: confOf(spec, body.conf ?? {}),
      createdAt,
      ...dateOf(body),
    };
    const key = header("idempotency-key");
    const { body: created } = await createRun(run, { key, path: `airflow/${dagId}`, body }, ports);
    await writeNote(body.note ?? undefined, { runId: created.id, by }, ports);
    const [stored, versions, remarks] = await Promise.all([
      ports.runs.getSummary(created.id),
      readVersions(dagId, ports),
      ports.runs.remarks(created.id),
    ]);
    return { body: airflowRun(stored ?? newRun(run), { versions, remark: remarks.run }) };
  },
});

function idOf(dagId: string, dagRunId: string): string {
  const id = runIdOf(dagId, dagRunId);
  if (id !== undefined) return id;
  const detail =
    "cannot be kept: 1 to 200 letters, digits, '_', '.' and '-', every other byte counting for five; not '.' or '..'";
  throw inputError([{ in: "body", pointer: "#/dag_run_id", detail }]);
}

/** What the run stands for. Without an interval of its own it is about the instant alone. */
function dateOf({
  logical_date,
  data_interval_start,
  data_interval_end,
}: AirflowTriggerBody): Pick<RunHeader, "logicalAt" | "interval"> {
  const interval =
    data_interval_start == null || data_interval_end == null
      ? {}
      : { interval: { startAt: data_interval_start, endAt: data_interval_end } };
  return { ...(logical_date == null ? {} : { logicalAt: logical_date }), ...interval };
}
