import { PoolListReply } from "#contract/pool.ts";
import { poolUse } from "#core/pool-use.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { readLiveRuns } from "../live-runs.ts";
import { poolReply } from "../replies/pool-reply.ts";

export const listPools = defineRoute({
  method: "get",
  path: "/api/v1/pools",
  summary: "The pools and who uses their slots now; also those that tasks name and nobody has set up.",
  params: NOTHING,
  query: NOTHING,
  body: NO_BODY,
  reply: PoolListReply,
  async handle(_request, ports) {
    const [pools, runs] = await Promise.all([ports.pools.listPools(), readLiveRuns(ports)]);
    return { body: { pools: poolUse(pools, runs).map(poolReply) } };
  },
});
