import type { Outcome } from "#core/outcome.ts";
import { classifyApiError } from "#kube/classify-api-error.ts";
import type { PodLimits } from "./pod-limits.ts";
import type { TryEnd } from "./run-job.ts";

/** A quota may stay full for hours: asking every few seconds would not empty it. */
const LONGEST_WAIT_MS = 120_000;
/** What somebody may still create is looked for this often. */
const GRACE_LOOK_MS = 5_000;

export interface Patience {
  limits: Pick<PodLimits, "configGraceMs">;
  now(): number;
}

/**
 * The cluster's no to a pod, in the words of a try. Trouble of the cluster postpones: it uses nothing up, however long it lasts.
 * @param begunAt when the try was begun first
 */
export function notLaunched(error: unknown, begunAt: number, { limits, now }: Patience): TryEnd {
  const verdict = classifyApiError(error);
  const waitedMs = now() - begunAt;
  switch (verdict.action) {
    case "fail": {
      const { outcome, graceMs } = verdict;
      if (graceMs !== undefined && waitedMs < limits.configGraceMs) return postponed(outcome, GRACE_LOOK_MS);
      return { type: "ended", outcome };
    }
    case "wait":
      return postponed(verdict, Math.max(verdict.retryAfterMs, Math.min(waitedMs / 2, LONGEST_WAIT_MS)));
    case "restart":
      if (verdict.outcome.code === "WorkerError") return { type: "ended", outcome: verdict.outcome };
      return postponed(verdict.outcome, verdict.retryAfterMs);
    default:
      return verdict satisfies never;
  }
}

function postponed({ code, message, evidence }: Pick<Outcome, "code" | "message" | "evidence">, delayMs: number): TryEnd {
  return { type: "postponed", delayMs: Math.round(delayMs), code, message: evidence ?? message };
}
