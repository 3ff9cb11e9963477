import { z } from "zod";
import { BACKFILL_ORDERS, BACKFILL_STATES, REPROCESS } from "#core/backfill/backfill.ts";
import { ID_PATTERN } from "#core/id.ts";
import { Instant } from "./instant.ts";
import { IntervalReply } from "./interval.ts";
import { isShallow } from "./is-shallow.ts";
import { commaList, orderBy, PageLinks, pageQuery } from "./list.ts";
import { RunId } from "./run-id.ts";

export const BackfillParams = z.strictObject({ backfillId: RunId });

/** A date as people write it: "2026-01-31", "2026-01-31T06:30", with "Z" or an offset if it is not wall time in the DAG's zone. */
const DateText = z.string().min(10).max(40);

export const StartBackfillBody = z.strictObject({
  dagId: z.string().regex(ID_PATTERN, "is no DAG id"),
  /** Logical dates, both included. */
  from: DateText,
  until: DateText,
  /** Of runs that exist: leave them, run what has failed again, or all of it. One that is queued or running is always left. */
  reprocess: z.enum(REPROCESS).default("none"),
  order: z.enum(BACKFILL_ORDERS).default("oldest"),
  /** How many of its runs may be under way at once, whatever the DAG's own limit is. */
  maxActiveRuns: z.int().min(1).max(1_000).default(10),
  /** Parameters of the runs that are created. */
  conf: z.record(z.string(), z.unknown()).refine(isShallow, "is nested deeper than 64").default({}),
  /** true: nothing is done; the answer lists what would be. */
  dryRun: z.boolean().default(false),
});

export const PatchBackfillBody = z.strictObject({
  /** "cancelled" ends the runs that are under way, too, and is final. */
  state: z.enum(["running", "paused", "cancelled"]),
});

export const BackfillReply = z.object({
  id: z.string(),
  dagId: z.string(),
  from: Instant,
  until: Instant,
  reprocess: z.enum(REPROCESS),
  order: z.enum(BACKFILL_ORDERS),
  maxActiveRuns: z.int(),
  conf: z.record(z.string(), z.unknown()),
  by: z.string(),
  createdAt: Instant,
  state: z.enum(BACKFILL_STATES),
  endedAt: Instant.optional(),
  /** How many ticks it has. */
  total: z.int(),
  /** How many of them are carried out; their runs may be under way. */
  done: z.int(),
  /** Its runs under way. */
  active: z.array(z.string()),
  /** What became of the ticks: a run was created, an existing one runs again, or it was left as it was. */
  counts: z.object({ created: z.int(), cleared: z.int(), left: z.int() }),
  links: z.object({ self: z.string(), runs: z.string() }),
});
export type BackfillReply = z.infer<typeof BackfillReply>;

export const ListBackfillsQuery = z.strictObject({
  dagId: z.string().max(200).optional(),
  state: commaList(z.enum(BACKFILL_STATES)).optional(),
  /** "-createdAt": newest first. */
  order: orderBy("createdAt").default("-createdAt"),
  ...pageQuery(100),
});

export const BackfillListReply = z.object({ backfills: z.array(BackfillReply), links: PageLinks });

const PlannedRunReply = z.object({
  runId: z.string(),
  logicalAt: Instant,
  interval: IntervalReply,
  action: z.enum(["create", "clearFailed", "clearAll", "leave"]),
  /** Of the run that exists. */
  state: z.enum(["queued", "running", "success", "failed", "cancelled"]).optional(),
});

/** Of a dry run `plan`, else `backfill`. */
export const StartBackfillReply = z.object({
  backfill: BackfillReply.optional(),
  /** In the order in which it would be carried out. */
  plan: z.array(PlannedRunReply).optional(),
});
