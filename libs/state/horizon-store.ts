import type { Redis } from "ioredis";
import type { Horizon } from "#core/schedule/horizon.ts";
import type { Keys } from "./keys.ts";

/** The ticks of DAGs that have a timetable of their own. */
export interface HorizonStore {
  /** By DAG id. */
  all(): Promise<Map<string, Horizon>>;
  get(dagId: string): Promise<Horizon | undefined>;
  set(dagId: string, horizon: Horizon): Promise<void>;
}

export function openHorizonStore(redis: Redis, keys: Keys): HorizonStore {
  return {
    async all() {
      const rows = await redis.hgetall(keys.horizons);
      return new Map(Object.entries(rows).map(([dagId, text]) => [dagId, JSON.parse(text) as Horizon]));
    },
    async get(dagId) {
      const text = await redis.hget(keys.horizons, dagId);
      return text === null ? undefined : (JSON.parse(text) as Horizon);
    },
    async set(dagId, horizon) {
      await redis.hset(keys.horizons, dagId, JSON.stringify(horizon));
    },
  };
}
