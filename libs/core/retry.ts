import { rowName } from "./failure-codes.ts";
import { hash01 } from "./hash.ts";
import type { Outcome } from "./outcome.ts";
import type { RetryPolicy } from "./retry-policy.ts";

/** What follows from an outcome. The worker writes `state`; BullMQ's job carries the delay. */
export type Verdict =
  | { state: "success" | "failed" | "skipped" | "cancelled" }
  | { state: "up_for_retry"; delayMs: number }
  | { state: "restarting"; delayMs: number };

/** How often a try may start again without using up a try, unless the task says otherwise. */
export const INFRA_RETRIES = 5;

const INFRA_DELAYS_MS = [10_000, 30_000, 60_000, 120_000, 300_000];
const LONGEST_INFRA_DELAY_MS = 300_000;

export interface VerdictOptions {
  /** How long a try that infrastructure ended waits for its restart. Default: 10 s, growing to 5 min. */
  infraDelayMs?: number | undefined;
}

/**
 * Whether and when a try is repeated. The task's own rules come first, then whose matter the failure is.
 * @param tryNumber the try that ended, from 1
 * @param infra how often this try already started again without using up a try
 * @param seed makes the jitter of this task; the same everywhere
 */
export function verdictOn(
  outcome: Outcome,
  tryNumber: number,
  infra: number,
  policy: RetryPolicy,
  seed: string,
  options: VerdictOptions = {},
): Verdict {
  if (outcome.result !== "failed") return { state: outcome.result };
  const names = (rules: readonly (number | string)[] = []) => rules.some(rule => fits(rule, outcome));
  const isLeft = infra < (policy.infraRetries ?? INFRA_RETRIES);

  if (names(policy.skipOn)) return { state: "skipped" };
  if (names(policy.failOn)) return { state: "failed" };
  // Its own rule, its own delay: the program asked to be called again, nothing has to recover.
  if (names(policy.retryOn?.exitCodes) || names(policy.retryOn?.codes)) {
    return isLeft ? { state: "restarting", delayMs: backoffMs(infra + 1, policy, seed) } : nextTry(tryNumber, policy, seed);
  }
  switch (outcome.blame) {
    case "infra":
    case "policy":
      return isLeft ? { state: "restarting", delayMs: infraDelayMs(infra, options) } : { state: "failed" };
    case "config":
      return policy.retryConfigErrors ? nextTry(tryNumber, policy, seed) : { state: "failed" };
    case "user":
    case "none":
      return nextTry(tryNumber, policy, seed);
    default:
      return outcome.blame satisfies never;
  }
}

/** The codes whose exit code is the program's own: a disruption's or an init container's says nothing about the task. */
const OWN_END: ReadonlySet<string> = new Set(["ExitCode", "OOMKilled"]);

/** A number is an exit code of the main container, a text a code of the failure table. */
const fits = (rule: number | string, { code, exitCode }: Outcome): boolean =>
  typeof rule === "number" ? exitCode === rule && OWN_END.has(code) : rule === code || rule === rowName(code);

const nextTry = (tryNumber: number, policy: RetryPolicy, seed: string): Verdict =>
  tryNumber > policy.retries ? { state: "failed" } : { state: "up_for_retry", delayMs: backoffMs(tryNumber, policy, seed) };

const infraDelayMs = (infra: number, { infraDelayMs: asked }: VerdictOptions): number =>
  asked ?? INFRA_DELAYS_MS[infra] ?? LONGEST_INFRA_DELAY_MS;

/** The delay after try `tryNumber`: fixed or doubling, jittered by a hash, capped at `maxDelayMs`. Total: never throws, never NaN. */
export function backoffMs(tryNumber: number, policy: RetryPolicy, seed: string): number {
  const growth = policy.backoff === "exponential" ? 2 ** Math.min(Math.max(tryNumber - 1, 0), 40) : 1;
  const base = Math.min(policy.delayMs * growth, policy.maxDelayMs);
  return Math.round(Math.min(base * (1 + policy.jitter * hash01(`${seed}#${tryNumber}`)), policy.maxDelayMs));
}
