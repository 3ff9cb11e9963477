import { DagParams } from "#contract/dag.ts";
import { WhyReply } from "#contract/why.ts";
import { whyNoRun } from "#core/why-no-run.ts";
import { clockedDag } from "../clocked-dag.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";

export const whyDag = defineRoute({
  method: "get",
  path: "/api/v1/dags/:dagId/why",
  role: "viewer",
  summary: "Why the DAG's schedule starts no run now, or when it does.",
  params: DagParams,
  query: NOTHING,
  body: NO_BODY,
  reply: WhyReply,
  async handle({ params: { dagId } }, ports) {
    const { row, spec, clock } = await clockedDag(dagId, ports);
    const at = ports.now();
    return { body: { reasons: whyNoRun({ at, spec, paused: row.paused, nextAt: clock.next(at)?.dueAt }) } };
  },
});
