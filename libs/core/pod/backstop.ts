/** Volumes and image pull count against activeDeadlineSeconds: this much is left for them, more if the task asks for more. */
const START_MS = 1_200_000;
/** For the worker to be first. */
const MARGIN_MS = 60_000;

/**
 * The pod's own deadline behind the worker's: it ends a pod whose workers are all gone.
 * @param startTimeoutMs the task's own; 0, for ever, leaves no time that could be over: Infinity
 */
export const backstopSeconds = (timeoutMs: number, startTimeoutMs = START_MS): number =>
  startTimeoutMs === 0
    ? Number.POSITIVE_INFINITY
    : Math.ceil((timeoutMs + Math.max(startTimeoutMs, START_MS) + MARGIN_MS) / 1_000);
