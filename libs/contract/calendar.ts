import { z } from "zod";

export const CalendarQuery = z.strictObject({
  year: z.coerce.number().int().min(1970).max(9_999),
  /** IANA name: whose days. Default: the DAG's. */
  zone: z.string().min(1).max(100).optional(),
});

/** A DAG's runs of a year, by the day of their logical date, or of their creation. Days without runs are absent. */
export const CalendarReply = z.object({
  zone: z.string(),
  days: z.array(
    z.object({
      /** "2026-01-31" */
      day: z.iso.date(),
      success: z.int(),
      failed: z.int(),
      cancelled: z.int(),
      /** Queued or running. */
      live: z.int(),
    }),
  ),
  /** The youngest 20,000 runs were looked at: of the days before, something may be missing. */
  isPartial: z.boolean(),
});
export type CalendarReply = z.infer<typeof CalendarReply>;
