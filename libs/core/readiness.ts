import type { TaskState } from "./run.ts";
import type { UpstreamTally } from "./tally.ts";
import type { TriggerRule } from "./trigger-rule.ts";

/** What a trigger rule says about a task that has not started. */
export type Readiness = "wait" | "ready" | "upstream_failed" | "skipped";

type Verdict = (n: UpstreamTally, done: boolean) => Readiness;

const bad = (n: UpstreamTally): number => n.failed + n.upstreamFailed;
const ended = (n: UpstreamTally): number => n.success + n.skipped + bad(n);

/**
 * Airflow's rules. A rule that cannot hold any more says so at once: `upstream_failed` when a failure is the reason, else `skipped`.
 * The `one_…` rules do not wait for the others.
 */
const RULES: Readonly<Record<TriggerRule, Verdict>> = {
  all_success: (n, done) => {
    if (bad(n) > 0) return "upstream_failed";
    if (n.skipped > 0) return "skipped";
    return done ? "ready" : "wait";
  },
  all_failed: (n, done) => (n.success > 0 || n.skipped > 0 ? "skipped" : done ? "ready" : "wait"),
  all_done: (_, done) => (done ? "ready" : "wait"),
  all_done_min_one_success: (n, done) => {
    if (!done) return "wait";
    if (n.success > 0) return "ready";
    return bad(n) > 0 ? "upstream_failed" : "skipped";
  },
  all_skipped: (n, done) => (n.success > 0 || bad(n) > 0 ? "skipped" : done ? "ready" : "wait"),
  one_failed: (n, done) => (bad(n) > 0 ? "ready" : done ? "skipped" : "wait"),
  one_success: (n, done) => {
    if (n.success > 0) return "ready";
    if (!done) return "wait";
    return bad(n) > 0 ? "upstream_failed" : "skipped";
  },
  // A task that never began has not done anything.
  one_done: (n, done) => (n.success > 0 || n.failed > 0 ? "ready" : done ? "skipped" : "wait"),
  none_failed: (n, done) => (bad(n) > 0 ? "upstream_failed" : done ? "ready" : "wait"),
  none_failed_min_one_success: (n, done) => {
    if (bad(n) > 0) return "upstream_failed";
    if (!done) return "wait";
    return n.success > 0 ? "ready" : "skipped";
  },
  none_skipped: (n, done) => (n.skipped > 0 ? "skipped" : done ? "ready" : "wait"),
  always: () => "ready",
};

/** Applies a trigger rule. A task without upstreams is ready, whatever its rule. */
export const readiness = (rule: TriggerRule, n: UpstreamTally): Readiness =>
  n.total === 0 ? "ready" : RULES[rule](n, ended(n) === n.total);

/** The field of a tally in which a task of this state counts; undefined: it has not ended. */
export const TALLIED: Readonly<Partial<Record<TaskState, Exclude<keyof UpstreamTally, "total">>>> = {
  success: "success",
  failed: "failed",
  cancelled: "failed",
  upstream_failed: "upstreamFailed",
  skipped: "skipped",
};
