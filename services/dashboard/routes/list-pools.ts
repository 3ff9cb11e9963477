import { PageQuery } from "#contract/list.ts";
import { PoolListReply } from "#contract/pool.ts";
import { poolUse } from "#core/pool-use.ts";
import { pageOf } from "../http/page-of.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { readLiveRuns } from "../live-runs.ts";
import { poolReply } from "../replies/pool-reply.ts";

export const listPools = defineRoute({
  method: "get",
  path: "/api/v1/pools",
  role: "viewer",
  summary: "The pools and who uses their slots now; also those that tasks name and nobody has set up.",
  params: NOTHING,
  query: PageQuery,
  body: NO_BODY,
  reply: PoolListReply,
  async handle({ query, pageAfter }, ports) {
    const [pools, runs] = await Promise.all([ports.pools.listPools(), readLiveRuns(ports)]);
    const page = pageOf(poolUse(pools, runs), query, ({ name }) => name);
    return { body: { pools: page.items.map(poolReply), links: pageAfter(page.next) } };
  },
});
