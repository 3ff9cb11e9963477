import { DagDetailReply, DagParams } from "#contract/dag.ts";
import { instantField } from "#contract/instant.ts";
import type { DagSpec } from "#core/dag-spec.ts";
import { unknownPools } from "#core/unknown-pools.ts";
import type { DagRow } from "#state/dag-store.ts";
import { clockedDag } from "../clocked-dag.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import type { Ports } from "../ports.ts";
import { dagReply } from "../replies/dag-reply.ts";

export const showDag = defineRoute({
  method: "get",
  path: "/api/v1/dags/:dagId",
  role: "viewer",
  summary: "One DAG, also one whose file was deleted, with its spec and its next scheduled run.",
  params: DagParams,
  query: NOTHING,
  body: NO_BODY,
  reply: DagDetailReply,
  edited: ({ paused, version, removedAt }) => ({ paused, version, removedAt }),
  async handle({ params: { dagId } }, ports) {
    const removed = await removedDag(dagId, ports);
    if (removed !== undefined) return { body: { ...dagReply(removed.row), warnings: [], spec: removed.spec } };
    const { row, spec, clock } = await clockedDag(dagId, ports);
    const [next] = row.paused ? [] : clock.upcoming(1, ports.now());
    const warnings = unknownPools(spec, await ports.pools.listPools()).map(
      ({ pool, tasks }) => `there is no pool '${pool}': ${tasks.join(", ")} will wait for it`,
    );
    return { body: { ...dagReply(row), ...instantField("nextRunAt", next?.dueAt), warnings, spec } };
  },
});

/** Its runs can still be looked at: so can what they executed. */
async function removedDag(dagId: string, { dags }: Ports): Promise<{ row: DagRow; spec: DagSpec } | undefined> {
  const row = await dags.getRemovedDag(dagId);
  const spec = row === undefined ? undefined : await dags.getSpec(row.version);
  return row === undefined || spec === undefined ? undefined : { row, spec };
}
