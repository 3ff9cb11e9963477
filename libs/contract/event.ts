import { z } from "zod";
import { TASK_STATES } from "#core/run.ts";
import { Instant } from "./instant.ts";

/** What a client of the event stream can ask for without naming a thing. */
const LISTS = ["runs", "dags", "backfills", "approvals", "pools", "workers", "import-errors"] as const;
/** What it can ask for of one thing: `run:etl~1` the run's own state, `tasks:etl~1` its tasks', `dag:etl` the DAG and the states of its runs. */
const PARTS = ["run", "tasks", "dag"] as const;

const MAX_TOPICS = 200;
const TOPIC = new RegExp(`^(?:${LISTS.join("|")}|(?:${PARTS.join("|")}):.{1,500})$`);

export const EventsQuery = z.strictObject({
  /** What to hear of, separated by commas: `runs,workers,tasks:etl~1`. */
  topics: z
    .string()
    .max(20_000)
    .transform(text => [...new Set(text.split(",").filter(topic => topic !== ""))].sort())
    .refine(topics => topics.length > 0 && topics.length <= MAX_TOPICS, `must name 1 to ${MAX_TOPICS} topics`)
    .refine(topics => topics.every(topic => TOPIC.test(topic)), {
      error: `may name ${LISTS.join(", ")}, ${PARTS.map(part => `${part}:<id>`).join(", ")}`,
    }),
});

const Moved = z.object({ at: Instant });
const OfRun = Moved.extend({ runId: z.string(), dagId: z.string() });
const Nothing = z.object({});

/**
 * The events of `GET /api/v1/events` by their names, each with its data. They say what has moved and where it is now; of several changes
 * of one thing within a quarter of a second the last one is told.
 */
export const EVENTS = {
  /** The stream has begun: what is read from the API from now on and what is told here have no gap between them. */
  ready: Nothing,
  /** Something may have been missed: read again what is shown. */
  resync: Nothing,
  run: OfRun.extend({ state: z.enum(["queued", "running", "success", "failed", "cancelled"]) }),
  /** A task's state, or what its worker says of it. */
  task: OfRun.extend({ taskId: z.string(), state: z.enum(TASK_STATES) }),
  approval: OfRun.extend({ taskId: z.string(), state: z.enum(["asked", "decided"]) }),
  dag: Moved.extend({ dagId: z.string(), state: z.enum(["published", "removed", "paused", "unpaused"]) }),
  backfill: Moved.extend({
    backfillId: z.string(),
    dagId: z.string(),
    state: z.enum(["running", "paused", "cancelled", "done"]),
  }),
  pool: Moved.extend({ pool: z.string(), state: z.enum(["put", "removed"]) }),
  worker: Moved.extend({ worker: z.string(), state: z.enum(["running", "draining", "gone"]) }),
  "import-errors": Moved.extend({ count: z.int() }),
} as const;

export type EventName = keyof typeof EVENTS;
