import type { ChainableCommander, Redis } from "ioredis";
import type { BackfillState } from "#core/backfill/backfill.ts";
import type { RunState, TaskState } from "#core/run.ts";
import type { Keys } from "./keys.ts";
import { readPipeline } from "./read-pipeline.ts";

/** What has moved, and where it is now. */
export type Change =
  | { kind: "run"; runId: string; state: RunState }
  | { kind: "task"; runId: string; taskId: string; state: TaskState }
  | { kind: "approval"; runId: string; taskId: string; state: "asked" | "decided" }
  | { kind: "dag"; dagId: string; state: "published" | "removed" | "paused" | "unpaused" }
  | { kind: "backfill"; backfillId: string; state: BackfillState }
  | { kind: "pool"; pool: string; state: "put" | "removed" }
  | { kind: "worker"; worker: string; state: "running" | "draining" | "gone" }
  | { kind: "import-errors"; count: number };

export type StateEvent = Change & {
  /** Position in the stream: pass it as `after` to go on from here. */
  id: string;
  at: number;
};

/** What was read behind a position. */
export interface EventBatch {
  events: StateEvent[];
  /** Position behind the batch: also behind entries that this release does not know. */
  position: string;
  /** The position that was read from is not kept any more. There are no events then: the position is the end of what there is. */
  gap: boolean;
}

/** The last 100,000 or so changes. For watching: the truth is in the records, and an event says where to look again. */
export interface EventStream {
  /** Up to `limit` events behind `after`, oldest first. Default: from the beginning. */
  read(limit: number, after?: string): Promise<StateEvent[]>;
  /** The last `limit` events, oldest first, and the position behind them. */
  last(limit: number): Promise<EventBatch>;
  /**
   * Up to `limit` events behind `after`; waits up to `waitMs` for the first one. The connection must be its own: it is blocked meanwhile,
   * and disconnecting it ends the wait with an error.
   */
  next(blocking: Redis, after: string, options: { limit: number; waitMs: number }): Promise<EventBatch>;
}

/** The position before the first event. */
const START = "0-0";

export function openEventStream(redis: Redis, keys: Keys): EventStream {
  return {
    async read(limit, after) {
      const rows = await redis.xrange(keys.events, after === undefined ? "-" : `(${after}`, "+", "COUNT", limit);
      return batchOf(rows, START).events;
    },

    async last(limit) {
      const rows = await redis.xrevrange(keys.events, "+", "-", "COUNT", limit);
      return batchOf(rows.reverse(), START);
    },

    async next(blocking, after, { limit, waitMs }) {
      // Asked in one breath with the read: a stream that was trimmed or lost past the position shows.
      const [here, read] = await readPipeline(
        blocking
          .pipeline()
          .xrange(keys.events, after, after)
          .xread("COUNT", limit, "BLOCK", waitMs, "STREAMS", keys.events, after),
      );
      if (after !== START && (here as Row[]).length === 0) {
        // From wherever the stream ends now: what is in it was not heard in order.
        const [last] = await redis.xrevrange(keys.events, "+", "-", "COUNT", 1);
        return { events: [], position: last?.[0] ?? START, gap: true };
      }
      const rows = (read as [string, Row[]][] | null)?.[0]?.[1] ?? [];
      return batchOf(rows, after);
    },
  };
}

/** How many entries are kept, about. Every XADD of the scripts says the same. */
const KEPT = 100_000;

/** What a script has no part in is told with the pipeline that writes it. */
type Told = Exclude<Change, { kind: "run" | "task" }>;

/** Adds the change to the stream. */
export function tell<P extends ChainableCommander | Redis>(
  redis: P,
  keys: Keys,
  change: Told,
  at: number,
): ReturnType<P["xadd"]> {
  return redis.xadd(keys.events, "MAXLEN", "~", KEPT, "*", ...entryOf(change, at)) as ReturnType<P["xadd"]>;
}

type Row = [id: string, fields: string[]];

function batchOf(rows: readonly Row[], before: string): EventBatch {
  return { events: rows.flatMap(row => toEvent(row) ?? []), position: rows.at(-1)?.[0] ?? before, gap: false };
}

/**
 * An entry's fields: `<subject> <id> state <state> at <ms>`, of a task's also `task <id>`. A task's subject is its run. Without an instant it
 * happened when it was written.
 */
function toEvent([id, fields]: Row): StateEvent | undefined {
  const [subject = "", name = "", , state = "", , at = "", , taskId = ""] = fields;
  const change = SUBJECTS[subject]?.(name, state, taskId);
  return change && { ...change, id, at: Number(at === "" ? id.split("-", 1)[0] : at) };
}

/** States come from scripts and stores that write only these. */
const SUBJECTS: Readonly<Record<string, (name: string, state: string, taskId: string) => Change>> = {
  run: (runId, state, taskId) =>
    taskId === "" ? { kind: "run", runId, state: state as RunState } : { kind: "task", runId, taskId, state: state as TaskState },
  approval: (runId, state, taskId) => ({ kind: "approval", runId, taskId, state: state as "asked" | "decided" }),
  dag: (dagId, state) => ({ kind: "dag", dagId, state: state as "published" }),
  backfill: (backfillId, state) => ({ kind: "backfill", backfillId, state: state as BackfillState }),
  pool: (pool, state) => ({ kind: "pool", pool, state: state as "put" }),
  worker: (worker, state) => ({ kind: "worker", worker, state: state as "running" }),
  "import-errors": (_, count) => ({ kind: "import-errors", count: Number(count) }),
};

function entryOf(change: Told, at: number): (string | number)[] {
  const entry = (name: string, state: string | number) => [change.kind, name, "state", state, "at", at];
  switch (change.kind) {
    case "approval":
      return [...entry(change.runId, change.state), "task", change.taskId];
    case "dag":
      return entry(change.dagId, change.state);
    case "backfill":
      return entry(change.backfillId, change.state);
    case "pool":
      return entry(change.pool, change.state);
    case "worker":
      return entry(change.worker, change.state);
    case "import-errors":
      return entry("", change.count);
    default:
      return change satisfies never;
  }
}
