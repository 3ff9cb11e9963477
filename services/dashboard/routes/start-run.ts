import { DagParams } from "#contract/dag.ts";
import { StartRunBody, StartRunReply, WaitQuery } from "#contract/run.ts";
import type { RunOverride } from "#contract/run-override.ts";
import { ADHOC_DAG } from "#core/dag-spec.ts";
import { contentHash } from "#core/hash.ts";
import { ID_PATTERN } from "#core/id.ts";
import { compactInstant, runId } from "#core/ids.ts";
import type { DagRow } from "#state/dag-store.ts";
import { confOf } from "../conf-of.ts";
import { createRun, whenEnded } from "../create-run.ts";
import { ApiError } from "../http/api-error.ts";
import { inputError } from "../http/check.ts";
import { defineRoute } from "../http/route.ts";
import type { Ports } from "../ports.ts";
import { withOverride } from "../run-override.ts";
import { unknownDag } from "./unknown.ts";

export const startRun = defineRoute({
  method: "post",
  path: "/api/v1/dags/:dagId/runs",
  role: "operator",
  summary:
    "Starts a run, also of a paused DAG. 200: an earlier request with the same Idempotency-Key had started it. With wait: 202 when it goes on.",
  params: DagParams,
  query: WaitQuery,
  body: StartRunBody,
  reply: StartRunReply,
  statuses: [201, 200, 202],
  idempotent: "recorded",
  async handle({ params: { dagId }, query, body, header, caller, requestId, signal }, ports) {
    if (body.override !== undefined && !caller.may("author", dagId))
      throw new ApiError("WL_FORBIDDEN", `an override asks for the role of an author of DAG '${dagId}'`);
    const dag = dagId === ADHOC_DAG ? undefined : await ports.dags.getDag(dagId);
    if (dag === undefined) throw unknownDag(dagId);
    const conf = confOf(await ports.dags.getSpec(dag.version), body.conf);
    const version = body.override === undefined ? dag.version : await overriddenVersion(dag, body.override, ports);
    const createdAt = ports.now();
    const suffix =
      body.runId === undefined ? `manual-${compactInstant(createdAt)}-${ports.chance()}` : suffixOf(dagId, body.runId);
    const started = await createRun(
      { id: runId(dagId, suffix), dagId, version, trigger: { kind: "api", by: caller.name, requestId }, conf, createdAt },
      { key: header("idempotency-key"), path: `dags/${dagId}`, body },
      ports,
    );
    return whenEnded(started, query.wait, ports, signal);
  },
});

/** A run with an override has a version of the DAG for itself. */
async function overriddenVersion(dag: DagRow, override: RunOverride, { dags, runOverrides }: Ports): Promise<string> {
  const spec = await dags.getSpec(dag.version);
  if (spec === undefined) throw unknownDag(dag.id);
  const own = withOverride(spec, override, runOverrides);
  const version = contentHash(own);
  await dags.putSpec(version, own);
  return version;
}

/** A caller may say the whole id as well as its part behind the DAG's. */
function suffixOf(dagId: string, given: string): string {
  const suffix = given.startsWith(`${dagId}~`) ? given.slice(dagId.length + 1) : given;
  if (ID_PATTERN.test(suffix)) return suffix;
  throw inputError([{ in: "body", pointer: "#/runId", detail: "use 1 to 200 letters, digits, '_', '.' and '-'" }]);
}
