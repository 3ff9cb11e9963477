import { BackfillListReply } from "#contract/backfill.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { backfillReply } from "../replies/backfill-reply.ts";

/** More than people look through. */
const MOST = 200;

export const listBackfills = defineRoute({
  method: "get",
  path: "/api/v1/backfills",
  summary: "The last 200 backfills, newest first.",
  params: NOTHING,
  query: NOTHING,
  body: NO_BODY,
  reply: BackfillListReply,
  async handle(_request, { backfills }) {
    return { body: { backfills: (await backfills.list(MOST)).map(backfillReply) } };
  },
});
