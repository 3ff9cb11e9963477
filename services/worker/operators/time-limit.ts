import { formatDuration } from "#core/duration.ts";
import { failure } from "#core/failure.ts";
import type { FailureCode } from "#core/failure-codes.ts";
import { cancelled, type Outcome } from "#core/outcome.ts";
import type { TryEnd, TryRun } from "../run-job.ts";

/** How much of the task's timeout is left, counted from the try's first claim: what is deferred goes on counting. Infinity: no timeout. */
export const leftMs = ({ task, begunAt }: TryRun, now: number): number =>
  task.timeoutMs === undefined ? Number.POSITIVE_INFINITY : begunAt + task.timeoutMs - now;

/** The try's time is up. */
export const outOfTime = (
  code: FailureCode & ("WaitTimeout" | "ApprovalTimeout" | "Timeout"),
  { task }: TryRun,
  evidence?: string,
): Outcome => failure(code, { values: { timeout: formatDuration(task.timeoutMs ?? 0) }, evidence });

/** Looks again after `everyMs`, at the latest when the time is up. */
export function lookAgain(tryRun: TryRun, now: number, everyMs: number, seen: { code: string; message: string }): TryEnd {
  return { type: "deferred", delayMs: Math.max(0, Math.round(Math.min(everyMs, leftMs(tryRun, now)))), ...seen };
}

/** What an operator returns that was told to stop in the middle of a look. Nothing is lost: the next worker looks again. */
export const stoppedBy = (signal: AbortSignal): TryEnd =>
  signal.reason === "cancel" ? { type: "ended", outcome: cancelled("cancelled while it waited") } : { type: "stopped" };
