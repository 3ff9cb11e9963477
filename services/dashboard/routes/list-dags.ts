import type { z } from "zod";
import { DagListReply, ListDagsQuery } from "#contract/dag.ts";
import type { DagRow } from "#state/dag-store.ts";
import { pageOf, sortableNumber } from "../http/page-of.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { dagReply } from "../replies/dag-reply.ts";

export const listDags = defineRoute({
  method: "get",
  path: "/api/v1/dags",
  role: "viewer",
  summary:
    "DAGs by id; with removed also those whose files were deleted. While Redis is away what was known last, marked as stale.",
  params: NOTHING,
  query: ListDagsQuery,
  body: NO_BODY,
  reply: DagListReply,
  async handle({ query, caller, pageAfter }, { dags, lastGood }) {
    const known = await lastGood.read(`dags ${query.removed}`, async () => [
      ...(await dags.listDags()),
      ...(query.removed ? await dags.listRemovedDags() : []),
    ]);
    const rows = known.value.filter(row => caller.mayRead(row.id) && isAskedFor(row, query));
    const field = query.order.replace("-", "") as "id" | "publishedAt";
    const page = pageOf(rows, query, KEYS[field], query.order.startsWith("-"));
    return {
      headers: lastGood.headersOf(known),
      body: {
        dags: page.items.map(dagReply),
        ...(known.readAt === undefined ? {} : { stale: true as const }),
        links: pageAfter(page.next),
      },
    };
  },
});

const KEYS: Readonly<Record<"id" | "publishedAt", (row: DagRow) => string>> = {
  id: ({ id }) => id,
  publishedAt: ({ id, publishedAt }) => `${sortableNumber(publishedAt)} ${id}`,
};

function isAskedFor(row: DagRow, { tag, owner, paused, stale, q }: z.output<typeof ListDagsQuery>): boolean {
  const words = [row.id, row.description ?? "", row.file].map(text => text.toLowerCase());
  return (
    (tag === undefined || tag.some(one => row.tags.includes(one))) &&
    (owner === undefined || owner.includes(row.owner ?? "")) &&
    (paused === undefined || row.paused === paused) &&
    (stale === undefined || (row.stale ?? false) === stale) &&
    (q === undefined || words.some(text => text.includes(q.toLowerCase())))
  );
}
