import type { BackoffOptions, Job } from "bullmq";
import { backoffMs } from "#core/retry.ts";
import { RetryPolicy } from "#core/retry-policy.ts";
import { JobData } from "./job-data.ts";

/** Thrown into BullMQ for a failed try. `delayMs` overrules the job's policy. */
export class TryFailed extends Error {
  override readonly name = "TryFailed";
  readonly delayMs: number | undefined;

  constructor(message: string, delayMs?: number) {
    super(message);
    this.delayMs = delayMs;
  }
}

const TYPE = "windlass";
const FALLBACK_MS = 60_000;

/** The policy as a job's `backoff` option; BullMQ keeps keys it does not know. */
export const backoffOf = (policy: RetryPolicy): BackoffOptions => ({ type: TYPE, policy }) as BackoffOptions;

/**
 * The delay before the next attempt, in milliseconds. Total: BullMQ strands a job whose strategy throws,
 * so a job without a readable policy waits a minute, and `onError` hears of it.
 */
export function retryBackoff(onError: (error: unknown, jobId: string | undefined) => void) {
  return (attemptsMade: number, _type?: string, error?: Error, job?: Pick<Job, "id" | "data" | "opts">): number => {
    if (error instanceof TryFailed && error.delayMs !== undefined) return Math.max(0, Math.round(error.delayMs));
    try {
      const { run, task, tryBase } = JobData.parse(job?.data);
      const policy = RetryPolicy.parse((job?.opts.backoff as { policy?: unknown } | undefined)?.policy);
      return backoffMs(tryBase + attemptsMade, policy, `${run}.${task}`);
    } catch (unreadable) {
      onError(unreadable, job?.id);
      return FALLBACK_MS;
    }
  };
}
