import { failure } from "#core/failure.ts";
import { type Outcome, succeeded } from "#core/outcome.ts";
import { readResult } from "#core/result.ts";
import type { TaskSpec } from "#core/task-spec.ts";
import type { Operator, TryEnd, TryRun } from "../run-job.ts";
import {
  BodyTooLarge,
  type HttpAnswer,
  isOk,
  NoAnswer,
  type SendOptions,
  sendRequest,
  shownUrl,
  UnknownAccount,
} from "./send-request.ts";
import { leftMs, outOfTime, stoppedBy } from "./time-limit.ts";

export interface HttpDeps {
  /** false: this site's workers send no requests that a DAG file has written. */
  enabled: boolean;
  authorization: SendOptions["authorization"];
  now(): number;
}

/** The most of an answer that is read, and a result may have. */
const MOST_BYTES = 65_536;

type HttpTask = Extract<TaskSpec, { operator: "http" }>;

/** Repetitions of a try are one request to a server that knows the header. */
export const idempotencyKeyOf = ({ runId, task, try: tryNumber }: TryRun): string => `${runId}~${task.id}~${tryNumber}`;

/** Sends a request; the status decides, and the body is the result where the task has a schema for it. */
export function httpOperator({ enabled, authorization, now }: HttpDeps): Operator {
  return async (tryRun, signal) => {
    const task = tryRun.task as HttpTask;
    if (!enabled) return ended(failure("HttpOff"));
    const left = leftMs(tryRun, now());
    const limit = Number.isFinite(left) ? AbortSignal.timeout(Math.max(0, left)) : undefined;
    try {
      const options = { authorization, idempotencyKey: idempotencyKeyOf(tryRun), mostBytes: MOST_BYTES };
      const answer = await sendRequest(task.request, limit === undefined ? signal : AbortSignal.any([signal, limit]), options);
      return read(task, answer);
    } catch (error) {
      if (signal.aborted) return stoppedBy(signal);
      if (limit?.aborted) return ended(outOfTime("Timeout", tryRun));
      return ended(requestFailure(task.request.url, error));
    }
  };
}

/** How a request failed that got no answer that could be read. An error that is none of the request's is thrown on. */
function requestFailure(url: string, error: unknown): Outcome {
  const values = { url: shownUrl(url) };
  if (error instanceof BodyTooLarge) return failure("HttpBodyTooLarge", { values: { ...values, limit: MOST_BYTES } });
  if (error instanceof UnknownAccount) return failure("HttpAccountUnknown", { evidence: error.message });
  if (error instanceof NoAnswer) return failure("HttpUnreachable", { values, evidence: error.message });
  throw error;
}

function read({ request, result }: HttpTask, { status, body }: HttpAnswer): TryEnd {
  const url = shownUrl(request.url);
  if (!isOk(request, status)) return ended(failure("HttpStatus", { values: { url, status } }));
  const outcome = succeeded("Completed", `${url} answered ${status}`);
  if (result === undefined) return ended(outcome);
  const reading = readResult(body, MOST_BYTES + 1, result);
  return "failure" in reading ? ended(reading.failure) : { ...ended(outcome), output: reading.output };
}

const ended = (outcome: Outcome) => ({ type: "ended" as const, outcome });
