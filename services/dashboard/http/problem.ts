import { STATUS_CODES } from "node:http";
import type { ErrorRequestHandler, Request, RequestHandler } from "express";
import type { Problem } from "#contract/problem.ts";
import type { Logger } from "#runtime/logger.ts";
import { ApiError } from "./api-error.ts";
import { asApiError } from "./as-api-error.ts";
import { requestIdOf } from "./request-id.ts";
import { statusOf } from "./status.ts";

/** The error as RFC 9457 writes it. */
function problemOf(error: ApiError, request: Request): Problem {
  const status = statusOf(error.code);
  const { errors, links } = error.details;
  return {
    type: `/api/docs/errors/${error.code}`,
    title: STATUS_CODES[status] ?? "Error",
    status,
    detail: error.message,
    code: error.code,
    instance: request.originalUrl.split("?", 1)[0] ?? "",
    requestId: requestIdOf(request),
    next: error.next,
    ...(errors === undefined ? {} : { errors: [...errors] }),
    ...(links === undefined ? {} : { links }),
  };
}

/** Answers every error as a problem; defects and outages go to the log with their cause. */
export function answerProblem(log: Logger): ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => {
    const error = asApiError(thrown);
    const problem = problemOf(error, request);
    if (problem.status >= 500) {
      log.warn(
        {
          event: "http.failed",
          requestId: problem.requestId,
          path: problem.instance,
          code: error.code,
          err: error.cause ?? error,
        },
        error.message,
      );
    }
    // A stream that has begun can only be cut off.
    if (response.headersSent) {
      response.destroy();
      return;
    }
    response
      .status(problem.status)
      .set({ ...error.details.headers, "Cache-Control": "no-store", "Content-Type": "application/problem+json" })
      .send(JSON.stringify(problem));
  };
}

export const unknownRoute: RequestHandler = request => {
  throw new ApiError("WL_NOT_FOUND", `there is no ${request.method} ${request.path}`);
};
