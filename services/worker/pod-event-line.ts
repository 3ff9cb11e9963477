import type { PodEvent } from "#kube/kube.ts";
import type { LogLine } from "#logstore/log-line.ts";

/** What every pod goes through, and what quotes a container's own output, which has its place elsewhere in the log. */
const SAYS_NOTHING: ReadonlySet<string> = new Set([
  "Created",
  "Started",
  "Pulled",
  "Scheduled",
  "Unhealthy",
  "FailedPostStartHook",
  "FailedPreStopHook",
]);

/** Whether an event belongs into a log. */
export const isTelling = ({ type, reason }: PodEvent): boolean => type === "Warning" || !SAYS_NOTHING.has(reason);

/** An event as a marked line. Without how often it came, so that it is known when it comes again. */
export const eventLine = ({ type, reason, message, lastAt }: PodEvent): LogLine => ({
  text: `${lastAt === undefined ? "" : `${lastAt.slice(0, 19)}Z `}${type} ${reason}: ${message}`,
  by: "event",
});
