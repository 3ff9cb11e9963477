import { z } from "zod";
import { NOTICE_MOMENTS, Notice } from "#core/notice.ts";

/**
 * A word that has to go out. Its id is computed (run, task, try, moment, ordinal): ordering it twice is sending it once.
 * In the outbox it lies under this id.
 */
export const NoticeOrder = z.strictObject({
  kind: z.literal("notice"),
  id: z.string().min(1),
  runId: z.string().min(1),
  /** Absent: about the run. */
  taskId: z.string().optional(),
  try: z.number().int().min(0).optional(),
  moment: z.enum(NOTICE_MOMENTS),
  notice: Notice,
});
export type NoticeOrder = z.infer<typeof NoticeOrder>;
