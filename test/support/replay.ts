import type { HistoryEntry } from "#state/run-store.ts";

/** What a run's history says, read from its beginning: the run's last state, and that of every task that has left its first. */
export function replay(history: readonly HistoryEntry[]): { run: string; tasks: Map<string, string> } {
  let run = "queued";
  const tasks = new Map<string, string>();
  for (const { type, taskId, state } of history) {
    const [subject, what = ""] = type.split(".");
    if (typeof taskId !== "string") run = subject === "run" && RUN_STATES.has(what) ? what : run;
    else if (type === "try.began") tasks.set(taskId, "running");
    else if (type === "try.ended") tasks.set(taskId, String(state));
    else if (subject === "task") tasks.set(taskId, what);
    if (typeof taskId === "string" && tasks.get(taskId) === "none") tasks.delete(taskId);
  }
  return { run, tasks };
}

const RUN_STATES: ReadonlySet<string> = new Set(["queued", "running", "success", "failed", "cancelled"]);
