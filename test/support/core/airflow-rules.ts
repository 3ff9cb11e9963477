import type { TaskState } from "#core/run.ts";
import type { TriggerRule } from "#core/trigger-rule.ts";

/** How a task may have ended, as rules see it: a cancelled one has failed. */
export type End = "success" | "failed" | "upstream_failed" | "skipped";

/** Airflow's words about each rule, once all upstreams have ended. Written apart from the rules that it checks. */
export const HOLDS: Readonly<Record<TriggerRule, (ups: readonly End[]) => boolean>> = {
  all_success: ups => ups.every(up => up === "success"),
  all_failed: ups => ups.every(up => up === "failed" || up === "upstream_failed"),
  all_done: () => true,
  all_done_min_one_success: ups => ups.includes("success"),
  all_skipped: ups => ups.every(up => up === "skipped"),
  one_failed: ups => ups.includes("failed") || ups.includes("upstream_failed"),
  one_success: ups => ups.includes("success"),
  one_done: ups => ups.includes("success") || ups.includes("failed"),
  none_failed: ups => !ups.includes("failed") && !ups.includes("upstream_failed"),
  none_failed_min_one_success: ups => !ups.includes("failed") && !ups.includes("upstream_failed") && ups.includes("success"),
  none_skipped: ups => !ups.includes("skipped"),
  always: () => true,
};

/** The rules that do not wait for all upstreams. */
export const EAGER: ReadonlySet<TriggerRule> = new Set(["one_failed", "one_success", "one_done", "always"]);

/** Whether a task may start now. */
export function mayStart(rule: TriggerRule, states: readonly TaskState[]): boolean {
  const ends = states.flatMap(endOf);
  return (ends.length === states.length || EAGER.has(rule)) && (states.length === 0 || HOLDS[rule](ends));
}

/** What a rule makes of a state; nothing while the task has not ended. */
export function endOf(state: TaskState): End[] {
  if (state === "cancelled") return ["failed"];
  return state === "success" || state === "failed" || state === "upstream_failed" || state === "skipped" ? [state] : [];
}
