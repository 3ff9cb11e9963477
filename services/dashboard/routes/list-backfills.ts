import { BackfillListReply, ListBackfillsQuery } from "#contract/backfill.ts";
import { pageOf, sortableNumber } from "../http/page-of.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { backfillReply } from "../replies/backfill-reply.ts";

/** More than people look through. */
const MOST = 2_000;

export const listBackfills = defineRoute({
  method: "get",
  path: "/api/v1/backfills",
  role: "viewer",
  summary: "The last 2,000 backfills, newest first.",
  params: NOTHING,
  query: ListBackfillsQuery,
  body: NO_BODY,
  reply: BackfillListReply,
  async handle({ query, caller, pageAfter }, { backfills }) {
    const { dagId, state } = query;
    const found = (await backfills.list(MOST)).filter(
      one =>
        caller.mayRead(one.dagId) &&
        (dagId === undefined || one.dagId === dagId) &&
        (state === undefined || state.includes(one.state)),
    );
    const page = pageOf(found, query, ({ createdAt, id }) => `${sortableNumber(createdAt)} ${id}`, query.order.startsWith("-"));
    return { body: { backfills: page.items.map(backfillReply), links: pageAfter(page.next) } };
  },
});
