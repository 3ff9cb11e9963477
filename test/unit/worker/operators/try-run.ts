import { type TaskSpec, TaskSpec as TaskSpecSchema } from "#core/task-spec.ts";
import type { TryPhase, TryRun } from "../../../../services/worker/run-job.ts";

/** The instant at which the operators of these tests look. */
export const NOW = Date.parse("2026-01-31T06:00:00Z");

/** A claimed try of a task `ask` of run `etl~1`, begun now unless said otherwise. */
export function tryRunOf(task: object, more: Partial<TryRun> = {}): TryRun & { phases: TryPhase[] } {
  const phases: TryPhase[] = [];
  return {
    dagId: "etl",
    runId: "etl~1",
    task: TaskSpecSchema.parse({ id: "ask", ...task }) as TaskSpec,
    podDefaults: undefined,
    try: 1,
    infra: 0,
    mayExist: false,
    at: NOW,
    begunAt: NOW,
    phase: phase => void phases.push(phase),
    phases,
    ...more,
  } as TryRun & { phases: TryPhase[] };
}

export const CALM = new AbortController().signal;
