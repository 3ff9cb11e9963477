import { failure } from "#core/failure.ts";
import { type Outcome, skipped, succeeded } from "#core/outcome.ts";
import type { TaskSpec } from "#core/task-spec.ts";
import type { WaitSpec } from "#core/wait-spec.ts";
import type { Operator, TryRun } from "../run-job.ts";
import { LOOKS, type LookDeps, type Sight } from "./looks.ts";
import { leftMs, lookAgain, outOfTime, stoppedBy } from "./time-limit.ts";

type WaitTask = Extract<TaskSpec, { operator: "wait" }>;

const LOOK_EVERY_MS = 30_000;

/** Waits for something outside, one look at a time; between two looks the job is delayed and holds nothing. */
export function waitOperator(deps: LookDeps): Operator {
  return async (tryRun, signal) => {
    const task = tryRun.task as WaitTask;
    let sight: Sight;
    try {
      sight = await look(task.for, tryRun, deps, signal);
    } catch (error) {
      if (signal.aborted) return stoppedBy(signal);
      throw error;
    }
    switch (sight.is) {
      case "there":
        return ended(succeeded("Completed", sight.message));
      case "nonsense":
        return ended(failure("WaitInvalid", { values: { why: sight.why } }));
      case "not-yet": {
        const at = deps.now();
        if (leftMs(tryRun, at) <= 0) return ended(tooLate(task, tryRun, sight.message));
        const everyMs = sight.againInMs ?? task.everyMs ?? LOOK_EVERY_MS;
        return lookAgain(tryRun, at, everyMs, { code: "Waiting", message: sight.message });
      }
      default:
        return sight satisfies never;
    }
  };
}

const look = (spec: WaitSpec, tryRun: TryRun, deps: LookDeps, signal: AbortSignal): Promise<Sight> =>
  LOOKS[spec.kind](spec as never, tryRun, deps, signal);

function tooLate({ softFail }: WaitTask, tryRun: TryRun, seen: string): Outcome {
  const outcome = outOfTime("WaitTimeout", tryRun, seen);
  return softFail ? skipped(outcome.message) : outcome;
}

const ended = (outcome: Outcome) => ({ type: "ended" as const, outcome });
