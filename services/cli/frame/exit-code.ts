import type { ErrorCode } from "#core/errors.ts";

/** What scripts go by. docs/reference/cli.md lists them. */
export const EXIT = {
  ok: 0,
  /** The run did not succeed, a check found something, or Windlass itself failed. */
  failed: 1,
  usage: 2,
  notFound: 3,
  auth: 4,
  unreachable: 5,
  conflict: 6,
  timeout: 124,
  interrupted: 130,
} as const;

/** One of EXIT, or what a program in a pod exited with. */
export type ExitCode = number;

/** Codes that do not come from the server. */
const LOCAL: Readonly<Partial<Record<ErrorCode, ExitCode>>> = {
  WL_CLI_USAGE: EXIT.usage,
  WL_CLI_DECLINED: EXIT.usage,
  WL_CLI_UNREACHABLE: EXIT.unreachable,
  WL_CLI_TIMEOUT: EXIT.timeout,
  WL_CLI_PROFILE: EXIT.usage,
  WL_CONFIG: EXIT.usage,
  WL_INPUT: EXIT.usage,
  WL_KUBE_CONFIG: EXIT.usage,
  WL_KUBE_AWAY: EXIT.unreachable,
  WL_REDIS_AWAY: EXIT.unreachable,
  WL_TASK_UNKNOWN: EXIT.notFound,
  WL_RUN_UNKNOWN: EXIT.notFound,
  WL_DAG_UNKNOWN: EXIT.notFound,
  WL_LOG_UNKNOWN: EXIT.notFound,
  WL_TRY_UNKNOWN: EXIT.notFound,
  WL_VERSION_UNKNOWN: EXIT.notFound,
};

const BY_STATUS: Readonly<Record<number, ExitCode>> = {
  400: EXIT.usage,
  401: EXIT.auth,
  403: EXIT.auth,
  404: EXIT.notFound,
  409: EXIT.conflict,
  412: EXIT.conflict,
  413: EXIT.usage,
  422: EXIT.usage,
  429: EXIT.unreachable,
  502: EXIT.unreachable,
  503: EXIT.unreachable,
  504: EXIT.unreachable,
};

export const exitCodeOfStatus = (status: number): ExitCode => BY_STATUS[status] ?? EXIT.failed;
export const exitCodeOf = (code: ErrorCode): ExitCode => LOCAL[code] ?? EXIT.failed;
