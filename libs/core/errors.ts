/**
 * Every error a person can meet, in one table: a stable code, what it means, and the next step.
 * Alerts, tests and documentation match on the code, never on the text.
 */
export const ERRORS = {
  WL_DAG_CYCLE: "Remove one of the edges on the path so that the tasks form no circle.",
  WL_DAG_DUPLICATE_TASK: "Give each task of a DAG its own id.",
  WL_DAG_DUPLICATE_ID: "Two files define this DAG id; rename one of them.",
  WL_DAG_UNKNOWN_UPSTREAM: "Name a task of the same DAG, or remove the edge.",
  WL_DAG_ID: "Use 1 to 200 characters out of letters, digits, '_', '.' and '-'.",
  WL_DAG_TYPE: "Correct the value to the type the message names.",
  WL_DAG_LITERAL_SECRET: "Use secret.env(name, key) so that the value stays in Kubernetes.",
  WL_DAG_EXPORT: 'Export the DAG: export default dag("id", {...}, d => ...).',
  WL_DAG_IMPORT: "Correct the file; the last good version stays active meanwhile.",
  WL_DAG_TIMEOUT: "Keep module-level code short: a DAG file is loaded often and must not wait for anything.",
  WL_DAG_MEMORY: "Keep module-level data small: a DAG file is loaded under a memory limit.",
  WL_DAG_TIMETABLE: "Correct next(after) of the timetable: it returns a Date behind `after`, or undefined when there is none.",
  WL_BUNDLE_UNKNOWN: "List the bundles (GET /api/v1/bundles) and use one of their names.",
  WL_BUNDLE_REFUSED: "Correct the files that the pointers name, and send the bundle again; what was live still is.",
  WL_BUNDLE_OVERTAKEN: "Read the bundle (GET /api/v1/bundles/:bundle); send yours again if it is to be the last.",
  WL_BACKFILL_UNKNOWN: "List the backfills (GET /api/v1/backfills) and use one of their ids.",
  WL_BACKFILL_OVER: "Start another backfill; this one has ended.",
  WL_DAG_UNKNOWN: "List the DAGs (GET /api/v1/dags) and use one of their ids.",
  WL_DAG_PAUSED: "Unpause the DAG, then start the run again.",
  WL_RUN_UNKNOWN: "List the runs (GET /api/v1/runs) and use one of their ids.",
  WL_RUN_EXISTS: "Use another run id, or read the run that exists.",
  WL_POOL_UNKNOWN: "List the pools (GET /api/v1/pools) and use one of their names.",
  WL_TASK_UNKNOWN: "Use a task id of this run's DAG version.",
  WL_TASK_STATE: "Read the task's state; clear it to run it again, or mark it to go on without it.",
  WL_VERSION_UNKNOWN: "List the versions (GET /api/v1/dags/:id/versions) and use one of them.",
  WL_VERSION_UNFIT: "Clear with version 'run', or start a new run of the newest version (POST /api/v1/runs/:id/rerun).",
  WL_VARIABLE_UNKNOWN: "List the variables (GET /api/v1/variables) and use one of their names.",
  WL_APPROVAL_NONE: "Wait until the task asks: it takes an answer while it is deferred or running.",
  WL_APPROVAL_DECIDED: "Nothing to do: somebody was faster. Clear the task to ask again.",
  WL_DAG_BUNDLE:
    "Correct the import: what a function uses must lie in the DAG folder, or be a package that is installed beside it.",
  WL_DAG_BUNDLE_SIZE: "Import less into the DAG file, or run the function's code from an image of its own with d.pod.",
  WL_FN_IMAGE: "Set WINDLASS_FN_IMAGE of the workers to the image that they run themselves.",
  WL_LOG_UNKNOWN:
    "Wait until the try has started, or choose one of the tries the run lists; a pod that never started has no log.",
  WL_INPUT: "Correct the fields the pointers name.",
  WL_BODY_JSON: "Send a JSON object with content-type application/json.",
  WL_BODY_SIZE: "Send a smaller body.",
  WL_IDEMPOTENCY_BODY: "Use a new Idempotency-Key for a different body.",
  WL_AUTH: "Send the token as 'Authorization: Bearer ...' or log in.",
  WL_LOGIN: "Check name and password; an administrator can set a new password (PUT /api/v1/users/:user).",
  WL_LOGIN_AWAY: "Check the identity provider, then log in again; API tokens work meanwhile.",
  WL_SETUP: "Restart the dashboard for a new link; once there is a user, log in instead.",
  WL_CSRF: "Send the cookie XSRF-TOKEN back in the header X-XSRF-TOKEN; programs use an API token.",
  WL_RATE: "Wait as long as Retry-After says, then go on more slowly.",
  WL_TOKEN_UNKNOWN: "List the tokens (GET /api/v1/tokens) and use one of their ids.",
  WL_USER_UNKNOWN: "List the users (GET /api/v1/users) and use one of their names.",
  WL_USER_LAST: "Make somebody else an admin first: without one nobody could.",
  WL_FORBIDDEN: "Ask an administrator for the right, or use an account that has it.",
  WL_BOARD_WRITE: "Start runs over the API; jobs are made by the scheduler only.",
  WL_METHOD: "Use one of the methods that the Allow header names.",
  WL_PRECONDITION: "Read the resource again and make the change on what it is now: somebody was faster.",
  WL_IDEMPOTENCY_BUSY: "Wait until the first request with this Idempotency-Key is answered, then repeat it for its answer.",
  WL_HEADERS: "Send fewer or shorter headers: all of them together, with the path, may have 16 KiB.",
  WL_REQUEST: "Correct the request: it is not HTTP as RFC 9112 has it, or came too slowly.",
  WL_HISTORY_KEPT: "Delete the DAG's file first: the history of a DAG that can run is kept.",
  WL_TRY_UNKNOWN: "Use a try that the task lists; one that has not begun has no pod.",
  WL_QUEUE_UNKNOWN: "List the queues (GET /api/v1/queues) and use one of their names.",
  WL_WORKER_UNKNOWN: "List the workers (GET /api/v1/workers) and use the id of one that lives.",
  WL_NOT_FOUND: "Check the path; the routes are listed at /api/docs.",
  WL_AIRFLOW_ABSENT: "Use Windlass' own API for it; docs/reference/airflow-api.md lists what there is of Airflow's.",
  WL_REDIS_AWAY: "Check Redis; the request can be repeated as it is.",
  WL_INTERNAL: "Report this with the request id; it is a defect of Windlass.",
  WL_TEMPLATE: "Correct the expression that the message quotes; docs/reference/templates.md lists names and filters.",
  WL_ILLEGAL_TRANSITION: "Report this; it is a defect of Windlass, not of your DAG.",
  WL_POD_PROTECTED: "Remove the field from the layer that the message names.",
  WL_RUN_OVERRIDE: "Leave these options out, or have them named in the dashboard's WINDLASS_RUN_OVERRIDES.",
  WL_POD_NAME_TAKEN: "Delete or rename the foreign pod, or move the tasks to another namespace.",
  WL_PLUGIN: "Correct the plugin, or take it out of the workers' WINDLASS_PLUGINS.",
  WL_AIRFLOW_IMPORT: "Install python3, and let it read the file: python3 -m py_compile FILE.",
  WL_KUBE_CONFIG: "Set KUBECONFIG, or run inside a cluster with a service account.",
  WL_KUBE_REFUSED: "Correct the pod; the message is the API server's own.",
  WL_KUBE_AWAY: "Check the API server; running pods are not touched and no try is used up.",
  WL_CONFIG: "Correct the settings the message lists.",
  WL_REDIS_SETTINGS: "Set maxmemory-policy noeviction and appendonly yes.",
  WL_CLI_DECLINED: "Say yes, or add --yes; --dry-run shows what would be done.",
  WL_CLI_USAGE: "Read the command's help: add --help.",
  WL_CLI_UNREACHABLE: "Start Windlass (windlass dev), or say where it is: --url, WINDLASS_URL, or windlass login URL.",
  WL_CLI_TIMEOUT: "Wait longer with --timeout; the run itself goes on.",
  WL_CLI_PROFILE: "List the profiles (windlass login --list), or make one: windlass login URL --profile NAME.",
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** Where the mistake is: a file and line of a DAG, or a JSON pointer into a request. */
export interface Place {
  file?: string;
  line?: number;
  pointer?: string;
}

/** An error meant for people. `message` says what happened with the names in it; `evidence` quotes the outside world verbatim. */
export class WindlassError extends Error {
  override readonly name = "WindlassError";
  readonly code: ErrorCode;
  readonly place: Place;
  readonly evidence: string | undefined;

  constructor(code: ErrorCode, message: string, details: { place?: Place; evidence?: string; cause?: unknown } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.place = details.place ?? {};
    this.evidence = details.evidence;
  }

  /** What the reader can do about it. */
  get next(): string {
    return ERRORS[this.code];
  }
}
