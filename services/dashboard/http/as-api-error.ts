import { WindlassError } from "#core/errors.ts";
import { ApiError } from "./api-error.ts";
import { isRedisAway } from "./redis-away.ts";

/** What Express and its body parser throw: http-errors. */
interface HttpError extends Error {
  status: number;
  type?: string;
}

/** Errors of the body parser by their `type`. */
const PARSER: Readonly<Record<string, (error: HttpError) => ApiError>> = {
  "entity.parse.failed": error => badJson(`the body is no JSON: ${error.message}`, error),
  "entity.too.large": cause => new ApiError("WL_BODY_SIZE", "the body is larger than 1 MiB", { cause }),
};

const badJson = (message: string, cause?: unknown): ApiError =>
  new ApiError("WL_BODY_JSON", message, { errors: [{ in: "body", pointer: "#", detail: message }], cause });

/** Whatever a handler threw, as an error with a code. What nobody expected is WL_INTERNAL, its text kept from the caller. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof WindlassError) return new ApiError(error.code, error.message, { cause: error });
  if (isRedisAway(error)) {
    return new ApiError("WL_REDIS_AWAY", "Redis does not answer", { headers: { "Retry-After": "1" }, cause: error });
  }
  if (isHttpError(error)) return PARSER[error.type ?? ""]?.(error) ?? badRequest(error);
  return new ApiError("WL_INTERNAL", "the server failed to answer", { cause: error });
}

const isHttpError = (error: unknown): error is HttpError =>
  error instanceof Error && "status" in error && typeof error.status === "number" && error.status >= 400 && error.status < 500;

/** A body in an unknown encoding, or a path that is no valid percent-encoding. */
const badRequest = (error: HttpError): ApiError =>
  error.type === undefined
    ? new ApiError("WL_INPUT", error.message, { errors: [{ in: "path", pointer: "#", detail: error.message }], cause: error })
    : badJson(error.message, error);
