import type { BackfillReply } from "#contract/backfill.ts";
import { instantField, toInstant } from "#contract/instant.ts";
import type { Backfill } from "#state/backfill-store.ts";
import { links } from "../links.ts";

export const backfillReply = (backfill: Backfill): BackfillReply => ({
  id: backfill.id,
  dagId: backfill.dagId,
  from: toInstant(backfill.fromAt),
  until: toInstant(backfill.untilAt),
  reprocess: backfill.reprocess,
  order: backfill.order,
  maxActiveRuns: backfill.maxActiveRuns,
  conf: { ...backfill.conf },
  by: backfill.by,
  createdAt: toInstant(backfill.createdAt),
  state: backfill.state,
  ...instantField("endedAt", backfill.endedAt),
  total: backfill.total,
  done: backfill.cursor,
  active: [...backfill.active],
  counts: backfill.counts,
  links: { self: links.backfill(backfill.id), runs: links.runsOf(backfill.dagId) },
});
