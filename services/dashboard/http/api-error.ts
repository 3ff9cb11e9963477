import type { ProblemError } from "#contract/problem.ts";
import { type ErrorCode, WindlassError } from "#core/errors.ts";

interface ApiErrorDetails {
  /** The mistakes one by one. */
  errors?: readonly ProblemError[];
  /** Related resources by name. */
  links?: Readonly<Record<string, string>>;
  headers?: Readonly<Record<string, string>>;
  cause?: unknown;
}

/** A WindlassError with what only an HTTP answer can carry. */
export class ApiError extends WindlassError {
  readonly details: ApiErrorDetails;

  constructor(code: ErrorCode, message: string, details: ApiErrorDetails = {}) {
    super(code, message, { cause: details.cause });
    this.details = details;
  }
}
