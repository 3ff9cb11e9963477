import { z } from "zod";
import { InstanceId } from "#core/id.ts";
import { Instant } from "./instant.ts";
import { isShallow } from "./is-shallow.ts";
import { RemarkReply, RunParams } from "./run.ts";

export const RunTaskParams = RunParams.extend({ taskId: InstanceId });

/** Which version of the DAG a run goes on with: the one it has, or the one that new runs execute. */
const Version = z.enum(["run", "newest"]);

export const ClearBody = z.strictObject({
  /** Tasks of the DAG or instances of mapped ones ("load@3"). Absent: all. */
  tasks: z.array(InstanceId).min(1).optional(),
  /** And all that comes after them. */
  downstream: z.boolean().default(false),
  /** And all that comes before them. */
  upstream: z.boolean().default(false),
  /** Of these only what failed, with what failed because of it, and what was cancelled. */
  failedOnly: z.boolean().default(false),
  /** true: only says which tasks it would be. */
  dryRun: z.boolean().default(false),
  version: Version.default("run"),
});

export const MarkRunBody = z.strictObject({ state: z.enum(["success", "failed"]) });
export const MarkTaskBody = z.strictObject({ state: z.enum(["success", "failed", "skipped"]) });

export const RerunBody = z.strictObject({
  /** Parameters of the new run. Absent: those of the old one. */
  conf: z.record(z.string(), z.unknown()).refine(isShallow, "is nested deeper than 64").optional(),
  version: Version.default("run"),
});

export const PatchRunBody = z
  .strictObject({
    /** "cancelled" asks for the run's end; the others end it as if it had come to that. */
    state: z.enum(["cancelled", "success", "failed"]).optional(),
    /** What people should know about the run; an empty text removes it. */
    note: z.string().max(10_000).optional(),
    /** The note is about this task. Absent: about the run. */
    taskId: InstanceId.optional(),
  })
  .refine(({ state, note }) => state !== undefined || note !== undefined, { error: "names neither a state nor a note" })
  .refine(({ taskId, note }) => taskId === undefined || note !== undefined, {
    path: ["taskId"],
    error: "is what a note is about",
  });

export const ActReply = z.object({
  /** The run's. */
  id: z.string(),
  /** What the leader will do, within moments; the history says when. Absent: a dry run, or there was nothing to do. */
  act: z.object({ id: z.string(), type: z.string() }).optional(),
  /** The tasks it is done to, in the order of the DAG's file. */
  tasks: z.array(z.string()),
  count: z.int(),
  links: z.object({ run: z.string(), history: z.string() }),
});
export type ActReply = z.infer<typeof ActReply>;

export const PatchRunReply = z.object({
  id: z.string(),
  /** What the note is about, if it is not the run. */
  taskId: z.string().optional(),
  /** Absent: it was removed, or not spoken of. */
  remark: RemarkReply.optional(),
  /** Of a state: what was asked of the leader; "ended": the run had ended before. */
  result: z.enum(["requested", "already", "ended"]).optional(),
});

/** What happened in a run, oldest first. The other fields depend on `type`. */
export const HistoryReply = z.object({
  events: z.array(
    z.looseObject({
      at: Instant,
      /** A fact in the past tense: "run.created", "task.queued", "try.ended", "run.acted", … */
      type: z.string(),
      /** Who did it. */
      actor: z.object({ kind: z.enum(["person", "worker", "leader"]), name: z.string().optional() }),
      taskId: z.string().optional(),
    }),
  ),
});
