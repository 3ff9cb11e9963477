import type { Redis } from "ioredis";
import type { Keys } from "./keys.ts";
import { readPipeline } from "./read-pipeline.ts";

/** Which runs have logs in the log store: those whose record is gone can then be found, and their logs removed. */
export interface LogIndex {
  /** The run has a log. Repeating it changes nothing. */
  note(runId: string, at: number): Promise<void>;
  /** Runs of one page of the index whose retention has passed, and where the next page begins; 0 after the last one. */
  expired(from: number): Promise<{ runIds: string[]; next: number }>;
  /** The run's logs are gone. */
  forget(runIds: readonly string[]): Promise<void>;
}

const PAGE = 500;

export function openLogIndex(redis: Redis, keys: Keys): LogIndex {
  return {
    async note(runId, at) {
      await redis.zadd(keys.logs, "NX", String(at), runId);
    },

    async expired(from) {
      const ids = await redis.zrange(keys.logs, from, String(from + PAGE - 1));
      const pipeline = redis.pipeline();
      for (const id of ids) pipeline.exists(keys.run(id));
      const replies = ids.length === 0 ? [] : await readPipeline(pipeline);
      const runIds = ids.filter((_, i) => replies[i] === 0);
      // Those that are forgotten make the others move up.
      return { runIds, next: ids.length < PAGE ? 0 : from + ids.length - runIds.length };
    },

    async forget(runIds) {
      if (runIds.length > 0) await redis.zrem(keys.logs, ...runIds);
    },
  };
}
