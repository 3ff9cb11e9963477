import { formatDuration } from "#core/duration.ts";
import { failed, type Outcome } from "#core/outcome.ts";
import type { Observation } from "#kube/classify.ts";

/** How long a worker is patient with a pod; times in ms. */
export interface PodLimits {
  /** Execution limit of the try, from its main container's start; absent: none. */
  timeoutMs?: number | undefined;
  /** Waiting for a node. */
  schedulingTimeoutMs: number;
  /** From the pod's creation, or its scheduling, to its main container's start. */
  startTimeoutMs: number;
  /** An image that cannot be pulled. */
  imageGraceMs: number;
}

const IMAGE_TROUBLE: ReadonlySet<string> = new Set(["ErrImagePull", "ImagePullBackOff", "RegistryUnavailable"]);

/** Kubernetes cuts its stamps to whole seconds: what is counted from one may have begun this much later. */
const STAMP_MS = 999;

/** The site's limit for a code; absent: what classify says. */
function siteGraceMs(seen: Observation, limits: PodLimits): number | undefined {
  if (IMAGE_TROUBLE.has(seen.code)) return limits.imageGraceMs;
  if (seen.code === "Unschedulable") return limits.schedulingTimeoutMs;
  if (seen.state === "starting" && seen.overdue?.blame === "infra") return limits.startTimeoutMs;
  return seen.graceMs;
}

/** When patience with this state ends, and what the try ends with then; undefined: never. Pure. */
export function deadlineOf(
  seen: Observation,
  createdAt: number,
  limits: PodLimits,
): { at: number; outcome: Outcome } | undefined {
  if (seen.state === "running") {
    if (limits.timeoutMs === undefined) return undefined;
    const outcome = failed("Timeout", "user", `ran longer than its timeout of ${formatDuration(limits.timeoutMs)}`);
    return { at: (seen.startedAt ?? createdAt) + STAMP_MS + limits.timeoutMs, outcome };
  }
  const graceMs = siteGraceMs(seen, limits);
  if (graceMs === undefined || seen.overdue === undefined) return undefined;
  return { at: (seen.sinceAt ?? createdAt) + graceMs, outcome: seen.overdue };
}
