import type { Redis } from "ioredis";
import type { Keys } from "./keys.ts";
import type { Order } from "./leader-store.ts";
import type { HistoryEntry } from "./run-store.ts";
import type { Value } from "./script.ts";
import { SCRIPTS } from "./scripts.ts";

/** A fact of a run that is noted once: a notice that went out, a deadline that was missed. */
export interface Mark {
  runId: string;
  /** `notice:<id>`, `deadline:<index>` */
  name: string;
  entry: HistoryEntry;
  /** What has to be sent because of it; they go into the outbox in the same breath. */
  orders?: readonly Order[];
}

export interface MarkStore {
  /** false: it was noted before, or the run is gone. */
  mark(mark: Mark): Promise<boolean>;
  /** Instants of those that are noted, by name. */
  marked(runId: string, names: readonly string[]): Promise<Map<string, number>>;
}

export function openMarkStore(redis: Redis, keys: Keys): MarkStore {
  return {
    async mark({ runId, name, entry, orders = [] }) {
      const rest: Value[] = orders.flatMap(({ jobId, json }) => [jobId, json]);
      const reply = await SCRIPTS.markRun.run(
        redis,
        { run: keys.run(runId), history: keys.history(runId), outbox: keys.outbox },
        { field: name, at: entry.at, entry: JSON.stringify(entry) },
        rest,
      );
      return reply === 1;
    },

    async marked(runId, names) {
      if (names.length === 0) return new Map();
      const values = await redis.hmget(keys.run(runId), ...names);
      return new Map(names.flatMap((name, i) => (values[i] == null ? [] : [[name, Number(values[i])] as const])));
    },
  };
}
