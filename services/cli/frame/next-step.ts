import { ERRORS, type ErrorCode } from "#core/errors.ts";

/** What the reader of a command line can do next, where the API's own advice speaks of its routes. */
const NEXT: Readonly<Partial<Record<ErrorCode, string>>> = {
  WL_DAG_UNKNOWN: "List the DAGs: windlass dags list",
  WL_RUN_UNKNOWN: "List the runs: windlass runs list",
  WL_TASK_UNKNOWN: "List the run's tasks: windlass tasks list RUN",
  WL_POOL_UNKNOWN: "List the pools: windlass pools list",
  WL_VARIABLE_UNKNOWN: "List the variables: windlass variables list",
  WL_VERSION_UNKNOWN: "List the versions: windlass dags versions DAG",
  WL_BACKFILL_UNKNOWN: "List the backfills: windlass backfills list",
  WL_QUEUE_UNKNOWN: "List the queues: windlass queues list",
  WL_WORKER_UNKNOWN: "List the workers: windlass workers list",
  WL_TOKEN_UNKNOWN: "List the tokens: windlass tokens list",
  WL_VERSION_UNFIT: "Clear without --newest, or start a new run: windlass runs rerun RUN --newest",
  WL_RUN_EXISTS: "Look at it: windlass runs get RUN; or start one under another --run-id",
  WL_LOG_UNKNOWN: "See which tries and containers have one: windlass tasks logs RUN TASK --list",
  WL_AUTH: "Log in: windlass login URL, or set WINDLASS_TOKEN",
  WL_NOT_FOUND: "Is this a Windlass of the same version? Compare windlass version with the server's",
};

export const nextStep = (code: ErrorCode): string => NEXT[code] ?? ERRORS[code];
