import type { Redis } from "ioredis";
import type { Keys } from "./keys.ts";

/** Which queues have ever had a job or a worker. */
export interface QueueIndex {
  note(names: readonly string[]): Promise<void>;
  list(): Promise<string[]>;
}

export function openQueueIndex(redis: Redis, keys: Keys): QueueIndex {
  return {
    async note(names) {
      if (names.length > 0) await redis.sadd(keys.queues, ...names);
    },
    async list() {
      return (await redis.smembers(keys.queues)).sort();
    },
  };
}
