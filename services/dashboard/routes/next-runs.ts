import { DagParams } from "#contract/dag.ts";
import { toInstant } from "#contract/instant.ts";
import { NextRunsQuery, NextRunsReply } from "#contract/next-runs.ts";
import { clockedDag } from "../clocked-dag.ts";
import { defineRoute, NO_BODY } from "../http/route.ts";
import { intervalReply } from "../replies/interval-reply.ts";

export const nextRuns = defineRoute({
  method: "get",
  path: "/api/v1/dags/:dagId/next",
  role: "viewer",
  summary: "What the DAG's schedule is going to start next.",
  params: DagParams,
  query: NextRunsQuery,
  body: NO_BODY,
  reply: NextRunsReply,
  async handle({ params: { dagId }, query: { n } }, ports) {
    const { row, clock } = await clockedDag(dagId, ports);
    const runs = clock.upcoming(n, ports.now()).map(({ runId, logicalAt, interval, dueAt }) => ({
      id: runId,
      logicalAt: toInstant(logicalAt),
      interval: intervalReply(interval),
      startsAt: toInstant(dueAt),
    }));
    return { body: { paused: row.paused, runs } };
  },
});
