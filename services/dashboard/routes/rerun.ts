import { RerunBody } from "#contract/act.ts";
import { RunParams, StartRunReply, WaitQuery } from "#contract/run.ts";
import { compactInstant, runId as idOf } from "#core/ids.ts";
import { confOf } from "../conf-of.ts";
import { createRun, whenEnded } from "../create-run.ts";
import { defineRoute } from "../http/route.ts";
import { readRun } from "../read-run.ts";

export const rerun = defineRoute({
  method: "post",
  path: "/api/v1/runs/:runId/rerun",
  role: "operator",
  summary: "Starts a new run like this one: for the same date, with the same parameters or others. With Idempotency-Key: once.",
  params: RunParams,
  query: WaitQuery,
  body: RerunBody,
  reply: StartRunReply,
  statuses: [201, 200, 202],
  idempotent: "recorded",
  async handle({ params: { runId }, query, body, header, caller: { name: by }, requestId, signal }, ports) {
    const { run, version, graph } = await readRun(runId, ports, body.version);
    const { dagId, logicalAt, interval } = run;
    const conf = confOf(graph.spec, body.conf ?? run.conf);
    // For as long as the new run may need it.
    await ports.dags.putSpec(version, graph.spec);
    const createdAt = ports.now();
    const started = await createRun(
      {
        id: idOf(dagId, `rerun-${compactInstant(createdAt)}-${ports.chance()}`),
        dagId,
        version,
        trigger: { kind: "rerun", by, rerunOf: runId, requestId },
        conf,
        createdAt,
        ...(logicalAt === undefined ? {} : { logicalAt }),
        ...(interval === undefined ? {} : { interval }),
      },
      { key: header("idempotency-key"), path: `runs/${runId}/rerun`, body },
      ports,
    );
    return whenEnded(started, query.wait, ports, signal);
  },
});
