import { createContext, Script } from "node:vm";
import { failure } from "#core/failure.ts";
import type { Outcome } from "#core/outcome.ts";
import { type JsonValue, messageLimitBytes, type ResultReading, readResult } from "#core/result.ts";
import type { TaskSpec } from "#core/task-spec.ts";
import { MAIN_CONTAINER, type Pod, terminatedState } from "#kube/pod.ts";

/** A pattern that backtracks for longer than this on 4 KiB is a mistake of the DAG, and must not cost the worker more. */
const PATTERN_MS = 250;

/**
 * What a try's end comes to when the task has a result: its value, or a failure in place of the success. A container that failed
 * is never read: its termination message is then the end of its log.
 */
export function readPodResult(task: TaskSpec, pod: Pod, outcome: Outcome): { outcome: Outcome; output?: JsonValue } {
  if (task.operator !== "pod" || task.result === undefined || outcome.result !== "success") return { outcome };
  const { result: schema } = task;
  const { containers, initContainers = [] } = pod.spec;
  const limitBytes = messageLimitBytes(containers.length + initContainers.length);
  const message = terminatedState(pod, MAIN_CONTAINER)?.message;
  const read = () => readResult(message, limitBytes, schema);
  const reading = hasPattern(schema) ? within(PATTERN_MS, read) : read();
  return "output" in reading ? { outcome, output: reading.output } : { outcome: reading.failure };
}

const hasPattern = (schema: object): boolean => JSON.stringify(schema).includes('"pattern');

const sandbox: { read?: () => ResultReading } = {};
const context = createContext(sandbox);
const script = new Script("read()");

/** Regular expressions can only be stopped from outside; V8 does that for what is called out of a script with a timeout. */
function within(timeoutMs: number, read: () => ResultReading): ResultReading {
  sandbox.read = read;
  try {
    return script.runInContext(context, { timeout: timeoutMs }) as ResultReading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    const why = `a pattern of the schema took longer than ${timeoutMs} ms`;
    return { failure: failure("ResultInvalid", { exitCode: 0, values: { why } }) };
  }
}
