import type { TaskReply } from "#contract/run.ts";
import { formatDuration } from "#core/duration.ts";

/** A task in a line: id, state, try, what it waits for or how it ended. */
export function describeTask(task: TaskReply, now: number): string {
  const parts = [task.id, task.state];
  if (task.operator !== "empty" && task.try > 0) parts.push(`try ${task.try} of ${task.maxTries}`);
  if (task.state === "up_for_retry" && task.retryAt)
    parts.push(`next try in ${formatDuration(Math.max(0, Date.parse(task.retryAt) - now))}`);
  if (task.state === "running" && typeof task.note?.phase === "string") parts.push(task.note.phase);
  if (task.outcome && task.outcome.code !== "Completed") parts.push(outcomeText(task.outcome));
  return parts.join("  ");
}

export const outcomeText = ({ code, exitCode }: NonNullable<TaskReply["outcome"]>): string =>
  `${code}${exitCode === undefined ? "" : ` (exit ${exitCode})`}`;
