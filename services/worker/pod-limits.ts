import { formatDuration } from "#core/duration.ts";
import { failure } from "#core/failure.ts";
import type { Outcome } from "#core/outcome.ts";
import { MAIN_CONTAINER } from "#core/pod/task-pod.ts";
import type { Observation } from "#kube/classify.ts";

/** How long a worker is patient with a pod; times in ms. */
export interface PodLimits {
  /** Execution limit of the try, from its main container's start; absent: none. */
  timeoutMs?: number | undefined;
  /** Waiting for a node; 0: for ever. */
  schedulingTimeoutMs: number;
  /** From the last step that was reached (a node, its network, its volumes) to the next; 0: for ever. */
  startTimeoutMs: number;
  /** An image that cannot be pulled. */
  imageGraceMs: number;
  /** A Secret, ConfigMap or service account that does not exist yet. */
  configGraceMs: number;
}

/** When patience with a pod ends, and what the try ends with then. */
export interface Deadline {
  /** What is counted from, in ms: the time since then that nobody could see is added. */
  sinceAt: number;
  at: number;
  outcome: Outcome;
}

/** Kubernetes cuts its stamps to whole seconds: what is counted from one may have begun this much later. */
const STAMP_MS = 999;

const WAITS_FOR_NODE: ReadonlySet<string> = new Set(["Unschedulable", "SchedulerError"]);

const orForEver = (ms: number): number => (ms === 0 ? Number.POSITIVE_INFINITY : ms);

/** The site's patience by the code that the try would end with; what is not here has that of the failure table. */
const SITE_GRACE: Readonly<Record<string, (limits: PodLimits) => number>> = {
  ErrImagePull: limits => limits.imageGraceMs,
  RegistryUnavailable: limits => limits.imageGraceMs,
  CreateContainerConfigError: limits => limits.configGraceMs,
  SidecarNotStarted: limits => orForEver(limits.startTimeoutMs),
};

function graceMs({ state, code, graceMs = Number.POSITIVE_INFINITY, overdue }: Observation, limits: PodLimits): number {
  if (state !== "starting" || overdue === undefined) return graceMs;
  if (WAITS_FOR_NODE.has(code)) return orForEver(limits.schedulingTimeoutMs);
  const startTimeoutMs = orForEver(limits.startTimeoutMs);
  if (overdue.code === "StartTimeout") return startTimeoutMs;
  return Math.min(SITE_GRACE[overdue.code]?.(limits) ?? graceMs, startTimeoutMs);
}

/** Until when this state may last; undefined: for ever. Pure. */
export function deadlineOf(seen: Observation, createdAt: number, limits: PodLimits): Deadline | undefined {
  if (seen.state === "running") {
    if (limits.timeoutMs === undefined) return undefined;
    const sinceAt = (seen.startedAt ?? createdAt) + STAMP_MS;
    const timeout = formatDuration(limits.timeoutMs);
    const evidence = seen.startedAt === undefined ? undefined : `startedAt: ${new Date(seen.startedAt).toISOString()}`;
    const outcome = failure("Timeout", { values: { timeout }, container: MAIN_CONTAINER, evidence });
    return { sinceAt, at: sinceAt + limits.timeoutMs, outcome };
  }
  const grace = graceMs(seen, limits);
  if (grace === Number.POSITIVE_INFINITY || seen.overdue === undefined) return undefined;
  const sinceAt = seen.sinceAt ?? createdAt;
  return { sinceAt, at: sinceAt + grace, outcome: seen.overdue };
}
