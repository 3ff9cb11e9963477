import type { TaskSpec, TriggerRule } from "./dag-spec.ts";
import { isFinal, type TaskState } from "./run.ts";

/** What a trigger rule says about a task that has not started. */
export type Readiness = "wait" | "ready" | "upstream_failed" | "skipped";

interface Counts {
  total: number;
  done: number;
  success: number;
  /** failed, upstream_failed or cancelled */
  failed: number;
  skipped: number;
}

const RULES: Readonly<Record<TriggerRule, (n: Counts) => Readiness>> = {
  all_success: n => {
    if (n.failed > 0) return "upstream_failed";
    if (n.skipped > 0) return "skipped";
    return n.done === n.total ? "ready" : "wait";
  },
  all_done: n => (n.done === n.total ? "ready" : "wait"),
};

/** Applies the task's trigger rule to its upstreams' states. */
export function readiness(task: TaskSpec, stateOf: (taskId: string) => TaskState): Readiness {
  const n: Counts = { total: task.upstream.length, done: 0, success: 0, failed: 0, skipped: 0 };
  for (const id of task.upstream) {
    const state = stateOf(id);
    if (!isFinal(state)) continue;
    n.done++;
    if (state === "success") n.success++;
    else if (state === "skipped") n.skipped++;
    else n.failed++;
  }
  return RULES[task.triggerRule](n);
}
