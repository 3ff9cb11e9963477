import type { Redis } from "ioredis";
import type { Keys } from "./keys.ts";
import { SCRIPTS } from "./scripts.ts";

export interface Turn {
  /** Requests of the window, this one included. */
  count: number;
  /** Until the window ends and the count starts again. */
  leftMs: number;
}

/** Counts requests for all processes of the installation together. */
export interface RateStore {
  /** Counts one more under the name. */
  take(what: string, windowMs: number): Promise<Turn>;
}

export function openRateStore(redis: Redis, keys: Keys): RateStore {
  return {
    async take(what, windowMs) {
      const reply = await SCRIPTS.takeTurn.run(redis, { rate: keys.rate(what) }, { windowMs });
      const [count, leftMs] = reply as [number, number];
      return { count, leftMs };
    },
  };
}
