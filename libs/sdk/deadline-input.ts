import { z } from "zod";
import type { Deadline } from "#core/notice.ts";
import { NoticeList } from "./notice-options.ts";
import { InstantInput } from "./schedule-input.ts";
import { SignedDurationMs } from "./signed-duration.ts";

/** A moment by which a run should have ended, and whom to tell when it has not. */
export const DeadlineInput = z.strictObject({
  /** What the time is counted from: "queued" is the run's creation, "logical" its logical date, or a date. */
  from: z.union([z.enum(["queued", "logical"]), InstantInput], { error: '"queued", "logical", or a date such as "2026-01-31"' }),
  /** How long after it: "2h"; before it: "-30m". */
  after: SignedDurationMs,
  /** Whom to tell. */
  notify: NoticeList,
});
export interface DeadlineInput extends z.input<typeof DeadlineInput> {}

/**
 * The deadline as the DagSpec holds it.
 * @param instantOf reads a date, and reports one that is none
 */
export function deadlineOf(
  { from, after, notify }: z.output<typeof DeadlineInput>,
  instantOf: (value: string | Date) => number | undefined,
): Deadline {
  const start = from === "queued" || from === "logical" ? from : (instantOf(from) ?? 0);
  return { from: start, afterMs: after, notices: [notify].flat() };
}
