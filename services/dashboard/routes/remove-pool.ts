import { PoolListReply, PoolParams } from "#contract/pool.ts";
import { poolUse } from "#core/pool-use.ts";
import { ApiError } from "../http/api-error.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { readLiveRuns } from "../live-runs.ts";
import { poolReply } from "../replies/pool-reply.ts";

export const removePool = defineRoute({
  method: "delete",
  path: "/api/v1/pools/:pool",
  summary: "Removes a pool and answers with those that are left. Tasks that name it wait until it is there again.",
  params: PoolParams,
  query: NOTHING,
  body: NO_BODY,
  reply: PoolListReply,
  async handle({ params: { pool } }, ports) {
    if (!(await ports.pools.removePool(pool, ports.now()))) throw new ApiError("WL_POOL_UNKNOWN", `there is no pool '${pool}'`);
    const [pools, runs] = await Promise.all([ports.pools.listPools(), readLiveRuns(ports)]);
    return { body: { pools: poolUse(pools, runs).map(poolReply) } };
  },
});
