import type { Outcome } from "#core/outcome.ts";
import type { JsonValue } from "#core/result.ts";
import type { TaskState } from "#core/run.ts";
import type { LocalRun } from "./local-run.ts";

/** A task of a run as a test sees it. */
export interface TaskView {
  state: TaskState;
  /** The last try that was begun; 0 before the first. */
  try: number;
  /** How often infrastructure restarted this try. */
  restarts: number;
  /** How the last try ended. */
  outcome?: Outcome;
  /** Its result; of a mapped task the list of its instances' results, null for one without. */
  output?: JsonValue;
  /** When the next try is due, ISO 8601. */
  retryAt?: string;
  /** Why it was skipped or failed without a try. */
  reason?: { code: string; detail?: string };
}

export function taskView(run: LocalRun, taskId: string): TaskView {
  const { state, try: tryNumber, infra, outcome, retryAt, reason, count } = run.task(taskId);
  const output = count === undefined ? run.outputs.get(taskId) : run.instancesOf(taskId).map(id => run.outputs.get(id) ?? null);
  const why = reason && { code: reason.code, ...(reason.detail === undefined ? {} : { detail: reason.detail }) };
  return {
    state,
    try: tryNumber,
    restarts: infra,
    ...(outcome === undefined ? {} : { outcome }),
    ...(output === undefined ? {} : { output }),
    ...(retryAt === undefined ? {} : { retryAt: new Date(retryAt).toISOString() }),
    ...(why === undefined ? {} : { reason: why }),
  };
}
