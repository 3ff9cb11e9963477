import { z } from "zod";
import { InstanceId } from "#core/id.ts";
import { Instant } from "./instant.ts";
import { PageLinks } from "./list.ts";
import { RunId } from "./run-id.ts";

export const ApprovalParams = z.strictObject({ runId: RunId, taskId: InstanceId });

export const ApprovalBody = z.strictObject({
  /** "approve", "reject", or one of the task's options. */
  answer: z.string().min(1).max(200),
  /** Why; shown with the decision. */
  note: z.string().max(2_000).optional(),
});

export const ApprovalReply = z.object({
  runId: z.string(),
  taskId: z.string(),
  answer: z.string(),
  note: z.string().optional(),
  by: z.string(),
  at: Instant,
  links: z.object({ run: z.string() }),
});
export type ApprovalReply = z.infer<typeof ApprovalReply>;

/** Questions that nobody has answered yet. */
export const ApprovalListReply = z.object({
  approvals: z.array(
    z.object({
      runId: z.string(),
      dagId: z.string(),
      taskId: z.string(),
      question: z.string(),
      options: z.array(z.string()),
      /** Since when it waits. */
      askedAt: Instant.optional(),
      links: z.object({ run: z.string(), decide: z.string() }),
    }),
  ),
  links: PageLinks,
});
