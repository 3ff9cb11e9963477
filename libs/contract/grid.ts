import { z } from "zod";
import { Instant } from "./instant.ts";
import { RunReply } from "./run.ts";

export const GridQuery = z.strictObject({
  runs: z.coerce.number().int().min(1).max(100).default(25),
  /** Only runs created before this run: `links.next` of the page before carries it. */
  before: z.string().optional(),
  /** The `rows` that the caller has: left out when they are still the same. */
  rows: z.string().optional(),
});

/** Runs by tasks. */
export const GridReply = z.object({
  /** Changes when the tasks do. */
  rows: z.string(),
  /** In the order of the DAG's file, then those that only older versions have. Absent: the caller has them. */
  tasks: z
    .array(z.object({ id: z.string(), mapped: z.literal(true).optional(), removed: z.literal(true).optional() }))
    .optional(),
  /** Newest first. */
  runs: z.array(
    z.object({
      id: z.string(),
      version: z.string(),
      state: RunReply.shape.state,
      trigger: RunReply.shape.trigger.shape.kind,
      createdAt: Instant,
      startedAt: Instant.optional(),
      endedAt: Instant.optional(),
      logicalAt: Instant.optional(),
      /** One letter for each task, in their order, see grid-cells.ts. */
      cells: z.string(),
    }),
  ),
  links: z.object({ next: z.string().optional() }),
});
export type GridReply = z.infer<typeof GridReply>;
