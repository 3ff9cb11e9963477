import { PoolParams, PoolReply, PutPoolBody } from "#contract/pool.ts";
import { poolUse } from "#core/pool-use.ts";
import { defineRoute, NOTHING } from "../http/route.ts";
import { readLiveRuns } from "../live-runs.ts";
import { poolReply } from "../replies/pool-reply.ts";
import { showPool } from "./show-pool.ts";

export const putPool = defineRoute({
  method: "put",
  path: "/api/v1/pools/:pool",
  role: "operator",
  summary: "Sets up a pool, or changes it. Tasks that wait go at once; none that runs is stopped.",
  params: PoolParams,
  query: NOTHING,
  body: PutPoolBody,
  reply: PoolReply,
  statuses: [200, 201],
  edits: showPool,
  async handle({ params: { pool: name }, body }, ports) {
    const pool = { name, ...body };
    const isNew = await ports.pools.putPool(pool, ports.now());
    const use = poolUse([pool], await readLiveRuns(ports)).find(one => one.name === name)!;
    return { status: isNew ? 201 : 200, body: poolReply(use) };
  },
});
