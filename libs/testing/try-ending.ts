import { failure } from "#core/failure.ts";
import { FAILURES, type FailureCode } from "#core/failure-codes.ts";
import { nearest } from "#core/nearest.ts";
import { type Outcome, skipped, succeeded } from "#core/outcome.ts";
import { type JsonValue, messageLimitBytes, readResult } from "#core/result.ts";
import { verdictOn } from "#core/retry.ts";
import type { TaskRun, TryRecord } from "#core/run.ts";
import type { TaskSpec } from "#core/task-spec.ts";

/** How a try is to fail. */
export interface Failure {
  /** Of the main container. Default: 1. */
  exitCode?: number;
  /** A code of docs/reference/failures.md: "OOMKilled", "Evicted", "ImagePullBackOff", … Default: "ExitCode". */
  code?: FailureCode;
}

const KILLED_FOR_MEMORY = 137;

/** The outcome of a failure. @throws TypeError for an unknown code */
export function failedOutcome({ exitCode, code = "ExitCode" }: Failure): Outcome {
  if (!Object.hasOwn(FAILURES, code)) {
    const meant = nearest(code, Object.keys(FAILURES));
    throw new TypeError(`'${code}' is no failure code${meant === undefined ? "" : `; did you mean '${meant}'?`}`);
  }
  const own = { ExitCode: 1, OOMKilled: KILLED_FOR_MEMORY } as Readonly<Record<string, number>>;
  return failure(code, { container: "main", exitCode: exitCode ?? own[code] });
}

/** The outcome of a success, and the result with its defaults. @throws TypeError where the task would not have succeeded so */
export function succeededOutcome(task: TaskSpec, output: JsonValue | undefined): { outcome: Outcome; output?: JsonValue } {
  const schema = task.operator === "pod" || task.operator === "http" ? task.result : undefined;
  if (schema === undefined) {
    const hasResult = RESULTS_WITHOUT_SCHEMA.has(task.operator);
    if (output !== undefined && !hasResult) throw new TypeError(`task '${task.id}' has no result: take the output away`);
    return { outcome: succeeded(), ...(output === undefined ? {} : { output }) };
  }
  const isFunction = task.operator === "pod" && task.fn !== undefined;
  const message = output === undefined ? (isFunction ? "null" : undefined) : JSON.stringify(output);
  const reading = readResult(message, messageLimitBytes(1), schema);
  if ("output" in reading) return { outcome: succeeded(), output: reading.output };
  throw new TypeError(`task '${task.id}' cannot succeed with ${message ?? "no result"}: ${reading.failure.message}`);
}

/** Those whose result is Windlass' own: the answer of a person, the run that was started. */
const RESULTS_WITHOUT_SCHEMA: ReadonlySet<string> = new Set(["approval", "trigger"]);

/** The task after a try with this outcome, by its own retry rules; what a worker would write. */
export function afterTry(
  task: TaskSpec,
  held: TaskRun,
  outcome: Outcome,
  runId: string,
  at: number,
): { next: TaskRun; record: TryRecord } {
  const { infra, floor = 0, startedAt = at } = held;
  const verdict = verdictOn(outcome, held.try - floor, infra, task.retry, `${runId}.${task.id}`);
  const isSkip = verdict.state === "skipped" && outcome.result === "failed";
  const recorded = isSkip ? skipped(`${outcome.message}: skipOn names it`, outcome.exitCode) : outcome;
  const next: TaskRun = {
    ...held,
    state: verdict.state,
    infra: infra + (verdict.state === "restarting" ? 1 : 0),
    endedAt: at,
    outcome: recorded,
    ...("delayMs" in verdict ? { retryAt: at + verdict.delayMs } : {}),
  };
  return { next, record: { try: held.try, infra, state: verdict.state, startedAt, endedAt: at, outcome: recorded } };
}
