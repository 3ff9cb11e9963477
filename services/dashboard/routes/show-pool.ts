import { PoolParams, PoolReply } from "#contract/pool.ts";
import { poolUse } from "#core/pool-use.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { readLiveRuns } from "../live-runs.ts";
import { poolReply } from "../replies/pool-reply.ts";
import { unknownPool } from "./unknown.ts";

export const showPool = defineRoute({
  method: "get",
  path: "/api/v1/pools/:pool",
  role: "viewer",
  summary: "One pool and who uses its slots now.",
  params: PoolParams,
  query: NOTHING,
  body: NO_BODY,
  reply: PoolReply,
  edited: ({ slots, description, includeDeferred }) => ({ slots, description, includeDeferred }),
  async handle({ params: { pool: name } }, ports) {
    const [pools, runs] = await Promise.all([ports.pools.listPools(), readLiveRuns(ports)]);
    const use = poolUse(pools, runs).find(pool => pool.name === name);
    if (use === undefined) throw unknownPool(name);
    return { body: poolReply(use) };
  },
});
