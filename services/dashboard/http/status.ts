import type { ErrorCode } from "#core/errors.ts";

/** The HTTP status of each code the API answers with; every other code is a defect of the server. */
const STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  WL_BODY_JSON: 400,
  WL_AUTH: 401,
  WL_FORBIDDEN: 403,
  WL_BOARD_WRITE: 403,
  WL_RUN_OVERRIDE: 403,
  WL_NOT_FOUND: 404,
  WL_DAG_UNKNOWN: 404,
  WL_RUN_UNKNOWN: 404,
  WL_BACKFILL_UNKNOWN: 404,
  WL_POOL_UNKNOWN: 404,
  WL_TASK_UNKNOWN: 404,
  WL_LOG_UNKNOWN: 404,
  WL_VARIABLE_UNKNOWN: 404,
  WL_VERSION_UNKNOWN: 404,
  WL_RUN_EXISTS: 409,
  WL_TASK_STATE: 409,
  WL_VERSION_UNFIT: 409,
  WL_BACKFILL_OVER: 409,
  WL_APPROVAL_NONE: 409,
  WL_APPROVAL_DECIDED: 409,
  WL_BODY_SIZE: 413,
  WL_INPUT: 422,
  WL_DAG_LITERAL_SECRET: 422,
  WL_POD_PROTECTED: 422,
  WL_IDEMPOTENCY_BODY: 422,
  WL_REDIS_AWAY: 503,
};

export const statusOf = (code: ErrorCode): number => STATUS[code] ?? 500;
