import { StartBackfillBody, StartBackfillReply } from "#contract/backfill.ts";
import { toInstant } from "#contract/instant.ts";
import type { BackfillRequest } from "#core/backfill/backfill.ts";
import { planBackfill } from "#core/backfill/plan-backfill.ts";
import { compactInstant } from "#core/ids.ts";
import { refuseStrangers } from "../auth/refuse-strangers.ts";
import { checkBackfill } from "../check-backfill.ts";
import { clockedDag } from "../clocked-dag.ts";
import { defineRoute, NOTHING } from "../http/route.ts";
import { links } from "../links.ts";
import { backfillReply } from "../replies/backfill-reply.ts";
import { intervalReply } from "../replies/interval-reply.ts";
import { unknownBackfill } from "./unknown.ts";

export const startBackfill = defineRoute({
  method: "post",
  path: "/api/v1/backfills",
  role: "operator",
  namesDagElsewhere: true,
  summary: "Runs a DAG for the ticks of a range that is over; with dryRun: lists what would be done.",
  params: NOTHING,
  query: NOTHING,
  body: StartBackfillBody,
  reply: StartBackfillReply,
  statuses: [200, 201],
  idempotent: "kept",
  async handle({ body, caller }, ports) {
    refuseStrangers(caller, body.dagId);
    const { runs, backfills, now, chance } = ports;
    const dag = await clockedDag(body.dagId, ports);
    const at = now();
    const { ticks, ...checked } = checkBackfill(body, dag, at);
    if (body.dryRun) {
      const known = await Promise.all(ticks.map(({ runId }) => runs.getSummary(runId)));
      const states = new Map(known.flatMap(run => (run === undefined ? [] : [[run.id, run.state]])));
      const plan = planBackfill(ticks, body.reprocess, runId => states.get(runId));
      return {
        body: {
          plan: plan.map(({ logicalAt, interval, ...planned }) => ({
            ...planned,
            logicalAt: toInstant(logicalAt),
            interval: intervalReply(interval),
          })),
        },
      };
    }
    const { dryRun: _, from: __, until: ___, ...asked } = body;
    const request: BackfillRequest = {
      ...asked,
      ...checked,
      id: `${body.dagId}~backfill-${compactInstant(at)}-${chance()}`,
      createdAt: at,
      by: caller.name,
    };
    await backfills.create(
      request,
      ticks.map(({ runId, logicalAt, interval }) => ({ runId, logicalAt, interval })),
    );
    const backfill = await backfills.get(request.id);
    if (backfill === undefined) throw unknownBackfill(request.id);
    return { status: 201, headers: { Location: links.backfill(request.id) }, body: { backfill: backfillReply(backfill) } };
  },
});
