import { PoolListReply, PoolParams } from "#contract/pool.ts";
import { poolUse } from "#core/pool-use.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { readLiveRuns } from "../live-runs.ts";
import { poolReply } from "../replies/pool-reply.ts";
import { showPool } from "./show-pool.ts";
import { unknownPool } from "./unknown.ts";

export const removePool = defineRoute({
  method: "delete",
  path: "/api/v1/pools/:pool",
  role: "operator",
  summary: "Removes a pool and answers with those that are left. Tasks that name it wait until it is there again.",
  params: PoolParams,
  query: NOTHING,
  body: NO_BODY,
  reply: PoolListReply,
  edits: showPool,
  async handle({ params: { pool } }, ports) {
    if (!(await ports.pools.removePool(pool, ports.now()))) throw unknownPool(pool);
    const [pools, runs] = await Promise.all([ports.pools.listPools(), readLiveRuns(ports)]);
    return { body: { pools: poolUse(pools, runs).map(poolReply), links: {} } };
  },
});
