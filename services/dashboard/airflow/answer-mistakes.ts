import type { ErrorRequestHandler } from "express";
import type { ProblemError } from "#contract/problem.ts";
import { asApiError } from "../http/as-api-error.ts";
import { requestIdOf } from "../http/request-id.ts";
import { statusOf } from "../http/status.ts";

/**
 * Answers mistakes in a request as Airflow does: 422 with a list, 400 with a sentence where parameters of the run are wrong. Every other
 * problem document has Airflow's `detail` anyway.
 */
export const answerMistakes: ErrorRequestHandler = (thrown: unknown, request, response, next) => {
  const error = asApiError(thrown);
  const { errors = [] } = error.details;
  if (response.headersSent || statusOf(error.code) !== 422 || errors.length === 0) return next(error);
  const isConf = errors.every(({ in: part, pointer }) => part === "body" && pointer.startsWith("#/conf"));
  response.status(isConf ? 400 : 422).json({
    detail: isConf
      ? errors.map(({ pointer, detail }) => `${pointer.slice(2)}: ${detail}`).join("; ")
      : errors.map(airflowMistake),
    code: error.code,
    next: error.next,
    requestId: requestIdOf(request),
  });
};

/** One mistake as FastAPI says it. */
const airflowMistake = ({ in: part, pointer, detail }: ProblemError) => ({
  type: "value_error",
  loc: [part, ...pointer.split("/").slice(1).map(stepOf)],
  msg: detail,
});

/** A step of a JSON pointer in a URI fragment; a place of a list is a number. */
function stepOf(step: string): string | number {
  const text = decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
  return /^(0|[1-9]\d{0,8})$/.test(text) ? Number(text) : text;
}
