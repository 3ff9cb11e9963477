import type { Graph } from "./graph.ts";
import type { Run, RunState, TaskState } from "./run.ts";

/**
 * Airflow's rule: the leaves decide; with `strict`, every task. A person's mark or a timeout decides before them, and a cancel that still
 * stopped something is the whole story of its run.
 */
export function runOutcome(
  graph: Graph,
  run: Pick<Run, "cancelAt" | "endsAs">,
  stateOf: (taskId: string) => TaskState,
): RunState {
  if (run.endsAs !== undefined) return run.endsAs;
  const deciding = (graph.spec.strict === true ? graph.spec.tasks.map(({ id }) => id) : graph.leaves).map(stateOf);
  if (run.cancelAt !== undefined && deciding.includes("cancelled")) return "cancelled";
  return deciding.every(state => state === "success" || state === "skipped") ? "success" : "failed";
}
