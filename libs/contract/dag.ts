import { z } from "zod";
import { DagSpec, Schedule } from "#core/dag-spec.ts";
import { ID_PATTERN } from "#core/id.ts";
import { Instant } from "./instant.ts";
import { commaList, Flag, orderBy, PageLinks, pageQuery } from "./list.ts";

export const DagParams = z.strictObject({ dagId: z.string().regex(ID_PATTERN, "is no DAG id") });

export const DagReply = z.object({
  id: z.string(),
  /** Content hash of the spec that new runs execute. */
  version: z.string(),
  /** Relative to the DAG folder. */
  file: z.string(),
  /** Paused DAGs start no scheduled runs; runs started by hand go on. */
  paused: z.boolean(),
  publishedAt: Instant,
  description: z.string().optional(),
  owner: z.string().optional(),
  tags: z.array(z.string()),
  schedule: Schedule.optional(),
  timezone: z.string(),
  taskCount: z.int(),
  /** Its file no longer loads: this is what was last published of it. */
  stale: z.boolean().optional(),
  /** When its file was deleted: it can be looked at and not be run. */
  removedAt: Instant.optional(),
  links: z.object({ self: z.string(), runs: z.string() }),
});
export type DagReply = z.infer<typeof DagReply>;

export const ListDagsQuery = z.strictObject({
  /** Also those whose files were deleted. */
  removed: Flag.default(false),
  /** With any of the tags. */
  tag: commaList(z.string().max(200)).optional(),
  owner: commaList(z.string().max(200)).optional(),
  paused: Flag.optional(),
  /** Whose file no longer loads. */
  stale: Flag.optional(),
  /** With the text in id, description or file. */
  q: z.string().max(200).optional(),
  order: orderBy("id", "publishedAt").default("id"),
  ...pageQuery(500),
});

export const DagListReply = z.object({
  dags: z.array(DagReply),
  /** Redis does not answer: this is what was known last. */
  stale: z.literal(true).optional(),
  links: PageLinks,
});
export type DagListReply = z.infer<typeof DagListReply>;

export const DagDetailReply = DagReply.extend({
  /** The next scheduled run; absent without a schedule and while the DAG is paused. */
  nextRunAt: Instant.optional(),
  /** What will keep its tasks waiting, in words: pools that do not exist. */
  warnings: z.array(z.string()),
  spec: DagSpec,
});
export type DagDetailReply = z.infer<typeof DagDetailReply>;

export const PatchDagBody = z.strictObject({ paused: z.boolean() });

export const ForgetDagReply = z.object({
  id: z.string(),
  /** Runs and versions are removed within a minute; of a run that goes on, when it has ended. */
  result: z.literal("requested"),
});
