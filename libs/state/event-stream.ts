import type { Redis } from "ioredis";
import type { RunState, TaskState } from "#core/run.ts";
import type { Keys } from "./keys.ts";

/** A transition of a task, or of a run when there is no `taskId`. */
export interface StateEvent {
  /** Position in the stream: pass it as `after` to go on from here. */
  id: string;
  runId: string;
  taskId?: string;
  state: TaskState | RunState;
  at: number;
}

/** The last 100,000 or so transitions. For watching: the truth is in the runs. */
export interface EventStream {
  /** Up to `limit` events behind `after`, oldest first. Default: from the beginning. */
  read(limit: number, after?: string): Promise<StateEvent[]>;
}

export function openEventStream(redis: Redis, keys: Keys): EventStream {
  return {
    async read(limit, after) {
      const rows = await redis.xrange(keys.events, after === undefined ? "-" : `(${after}`, "+", "COUNT", limit);
      return rows.map(([id, fields]) => toEvent(id, fields));
    },
  };
}

/** Scripts write run, state, at and, for a task, its id. */
function toEvent(id: string, fields: readonly string[]): StateEvent {
  const [, runId = "", , state = "", , at = "", , taskId] = fields;
  return { id, runId, state: state as StateEvent["state"], at: Number(at), ...(taskId === undefined ? {} : { taskId }) };
}
