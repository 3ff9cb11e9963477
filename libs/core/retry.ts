import type { RetryPolicy } from "./dag-spec.ts";
import { hash01 } from "./hash.ts";
import type { Outcome } from "./outcome.ts";

/** What follows from an outcome. The worker writes `state`; BullMQ's job carries the delay. */
export type Verdict =
  | { state: "success" | "failed" | "cancelled" }
  | { state: "up_for_retry"; delayMs: number }
  | { state: "restarting"; delayMs: number };

/** Infrastructure may end a try this often before the failure counts as the try's own. */
export const MAX_INFRA_RESTARTS = 5;

const INFRA_DELAYS_MS = [10_000, 30_000, 60_000, 120_000, 300_000];

/**
 * Whether and when a try is repeated.
 * @param tryNumber the try that ended, from 1
 * @param infra how often infrastructure already restarted this try
 * @param seed makes the jitter of this task; the same everywhere
 */
export function verdictOn(outcome: Outcome, tryNumber: number, infra: number, policy: RetryPolicy, seed: string): Verdict {
  if (outcome.result !== "failed") return { state: outcome.result };
  if (outcome.blame === "infra" && infra < MAX_INFRA_RESTARTS) {
    return { state: "restarting", delayMs: INFRA_DELAYS_MS[infra] ?? 300_000 };
  }
  if (outcome.blame === "config" || tryNumber > policy.retries) return { state: "failed" };
  return { state: "up_for_retry", delayMs: backoffMs(tryNumber, policy, seed) };
}

/** The delay after try `tryNumber`: fixed or doubling, jittered by a hash, capped at `maxDelayMs`. Total: never throws, never NaN. */
export function backoffMs(tryNumber: number, policy: RetryPolicy, seed: string): number {
  const growth = policy.backoff === "exponential" ? 2 ** Math.min(Math.max(tryNumber - 1, 0), 40) : 1;
  const base = Math.min(policy.delayMs * growth, policy.maxDelayMs);
  return Math.round(Math.min(base * (1 + policy.jitter * hash01(`${seed}#${tryNumber}`)), policy.maxDelayMs));
}
