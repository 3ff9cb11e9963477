import type { Redis } from "ioredis";
import { Pool } from "#core/pool.ts";
import { tell } from "./event-stream.ts";
import type { Keys } from "./keys.ts";
import { readPipeline } from "./read-pipeline.ts";

/** The pools. A change is told to the leader in the same breath, and takes effect at once. */
export interface PoolStore {
  /** By name. */
  listPools(): Promise<Pool[]>;
  /** false: it replaced one of that name. */
  putPool(pool: Pool, at: number): Promise<boolean>;
  /** false: there was none. */
  removePool(name: string, at: number): Promise<boolean>;
}

export function openPoolStore(redis: Redis, keys: Keys): PoolStore {
  const nudge = (at: number): string => `pools\n\n${at}\n\n`;

  return {
    async listPools() {
      const rows = await redis.hvals(keys.pools);
      return rows.map(text => Pool.parse(JSON.parse(text))).sort((a, b) => (a.name < b.name ? -1 : 1));
    },

    async putPool(pool, at) {
      const put = redis.multi().hset(keys.pools, pool.name, JSON.stringify(pool)).rpush(keys.inbox, nudge(at));
      const [added] = await readPipeline(tell(put, keys, { kind: "pool", pool: pool.name, state: "put" }, at));
      return added === 1;
    },

    async removePool(name, at) {
      const remove = redis.multi().hdel(keys.pools, name).rpush(keys.inbox, nudge(at));
      const [removed] = await readPipeline(tell(remove, keys, { kind: "pool", pool: name, state: "removed" }, at));
      return removed === 1;
    },
  };
}
