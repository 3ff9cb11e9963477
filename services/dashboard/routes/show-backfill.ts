import { BackfillParams, BackfillReply } from "#contract/backfill.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { backfillReply } from "../replies/backfill-reply.ts";
import { unknownBackfill } from "./unknown.ts";

export const showBackfill = defineRoute({
  method: "get",
  path: "/api/v1/backfills/:backfillId",
  role: "viewer",
  summary: "One backfill and how far it has got.",
  params: BackfillParams,
  query: NOTHING,
  body: NO_BODY,
  reply: BackfillReply,
  edited: ({ state }) => state,
  async handle({ params: { backfillId } }, { backfills }) {
    const backfill = await backfills.get(backfillId);
    if (backfill === undefined) throw unknownBackfill(backfillId);
    return { body: backfillReply(backfill) };
  },
});
