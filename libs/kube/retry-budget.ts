import { setTimeout as sleep } from "node:timers/promises";
import { KubeError } from "./kube-error.ts";

export interface RetryBudget {
  /** No further attempt begins once this much time has passed. Default 60 s. */
  budgetMs: number;
  /** Upper bound of the first delay; doubles with every attempt. Default 0.5 s. */
  baseMs: number;
  /** Upper bound of every delay. Default 15 s. */
  capMs: number;
}

export const RETRY_BUDGET: RetryBudget = { budgetMs: 60_000, baseMs: 500, capMs: 15_000 };

/**
 * Repeats a call while its error is transient and the budget lasts.
 * The delay has full jitter, so that many workers do not come back together; a longer Retry-After wins.
 * @param onRetry hears of every failure that is going to be repeated
 * @throws the last error, or the signal's reason
 */
export async function withRetry<T>(
  call: (attempt: number) => Promise<T>,
  budget: RetryBudget,
  signal?: AbortSignal,
  onRetry?: (error: KubeError, delayMs: number) => void,
): Promise<T> {
  const endAt = Date.now() + budget.budgetMs;
  for (let attempt = 0; ; attempt++) {
    try {
      return await call(attempt);
    } catch (error) {
      if (!(error instanceof KubeError) || !error.isTransient || signal?.aborted) throw error;
      const delayMs = delayOf(error, attempt, budget);
      if (Date.now() + delayMs >= endAt) throw error;
      onRetry?.(error, delayMs);
      await sleepUntilAborted(delayMs, signal);
    }
  }
}

const delayOf = (error: KubeError, attempt: number, budget: RetryBudget): number =>
  Math.max(error.retryAfterMs ?? 0, Math.random() * Math.min(budget.baseMs * 2 ** attempt, budget.capMs));

/** Waits; throws the signal's own reason when it is aborted meanwhile. */
export async function sleepUntilAborted(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  }
}
