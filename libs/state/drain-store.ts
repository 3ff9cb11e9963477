import type { Redis } from "ioredis";
import type { Keys } from "./keys.ts";

/** Somebody wants a worker to hand over what it holds. */
export interface DrainRequest {
  at: number;
  by: string;
  /** Of the process that is meant: the next one under the same id is another worker. */
  startedAt: number;
}

/** What workers are asked to do; each looks with every heartbeat. */
export interface DrainStore {
  ask(workerId: string, request: DrainRequest): Promise<void>;
  /** undefined: nobody asked, or it was obeyed long ago. */
  asked(workerId: string): Promise<DrainRequest | undefined>;
}

/** A worker that has not seen it by then is not there. */
const KEPT_MS = 3_600_000;

export function openDrainStore(redis: Redis, keys: Keys): DrainStore {
  return {
    async ask(workerId, request) {
      await redis.set(keys.drain(workerId), JSON.stringify(request), "PX", KEPT_MS);
    },
    async asked(workerId) {
      const text = await redis.get(keys.drain(workerId));
      return text === null ? undefined : (JSON.parse(text) as DrainRequest);
    },
  };
}
