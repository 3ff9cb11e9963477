import type { RunDetailReply, TaskReply } from "#contract/run.ts";
import { formatDuration } from "#core/duration.ts";

const MARKS: Readonly<Record<TaskReply["state"], string>> = {
  none: "·",
  scheduled: "◌",
  mapped: "⋮",
  queued: "○",
  running: "▶",
  deferred: "⏸",
  up_for_retry: "↻",
  restarting: "↺",
  success: "✔",
  failed: "✘",
  upstream_failed: "⊘",
  skipped: "⤼",
  cancelled: "■",
};

/** The run as a tree: a task under its first upstream, one line each. Pure. */
export function renderTree(run: RunDetailReply, now: number): string[] {
  const lines = [`${run.id}  ${run.state}`];
  const childrenOf = (id: string | undefined) => run.tasks.filter(task => task.upstream[0] === id);
  const draw = (task: TaskReply, indent: string, last: boolean) => {
    lines.push(`${indent}${last ? "└─" : "├─"} ${MARKS[task.state]} ${describe(task, now)}`);
    const children = childrenOf(task.id);
    for (const child of children) draw(child, `${indent}${last ? "   " : "│  "}`, child === children.at(-1));
  };
  const roots = childrenOf(undefined);
  for (const root of roots) draw(root, "", root === roots.at(-1));
  return lines;
}

function describe(task: TaskReply, now: number): string {
  const parts = [task.id, task.state];
  if (task.operator !== "empty" && task.try > 0) parts.push(`try ${task.try} of ${task.maxTries}`);
  if (task.state === "up_for_retry" && task.retryAt)
    parts.push(`next try in ${formatDuration(Math.max(0, Date.parse(task.retryAt) - now))}`);
  if (task.state === "running" && typeof task.note?.phase === "string") parts.push(task.note.phase);
  if (task.outcome && task.outcome.code !== "Completed")
    parts.push(`${task.outcome.code}${task.outcome.exitCode === undefined ? "" : ` (exit ${task.outcome.exitCode})`}`);
  return parts.join("  ");
}
