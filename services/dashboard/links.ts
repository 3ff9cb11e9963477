const encode = encodeURIComponent;

/** The paths of the API and of the pages, relative to the server. */
export const links = {
  dag: (dagId: string): string => `/api/v1/dags/${encode(dagId)}`,
  runsOf: (dagId: string): string => `/api/v1/runs?dagId=${encode(dagId)}`,
  bundle: (name: string): string => `/api/v1/bundles/${encode(name)}`,
  backfill: (backfillId: string): string => `/api/v1/backfills/${encode(backfillId)}`,
  run: (runId: string): string => `/api/v1/runs/${encode(runId)}`,
  cancel: (runId: string): string => `/api/v1/runs/${encode(runId)}/cancel`,
  history: (runId: string): string => `/api/v1/runs/${encode(runId)}/history`,
  runPage: (runId: string): string => `/runs/${encode(runId)}`,
  queue: (name: string): string => `/api/v1/queues/${encode(name)}`,
  board: (queue: string): string => `/queues/queue/${encode(queue)}`,
  task: (runId: string, taskId: string): string => `/api/v1/runs/${encode(runId)}/tasks/${encode(taskId)}`,
  approval: (runId: string, taskId: string): string => `/api/v1/runs/${encode(runId)}/tasks/${encode(taskId)}/approval`,
  pool: (name: string): string => `/api/v1/pools/${encode(name)}`,
  variable: (name: string): string => `/api/v1/variables/${encode(name)}`,
  token: (id: string): string => `/api/v1/tokens/${encode(id)}`,
  user: (name: string): string => `/api/v1/users/${encode(name)}`,
  logs: (runId: string, taskId: string, tryNumber?: number, infra?: number, container?: string): string => {
    const given = Object.entries({ try: tryNumber, infra, container }).filter(([, value]) => value !== undefined);
    const query = given.map(([name, value]) => `${name}=${value}`).join("&");
    return `/api/v1/runs/${encode(runId)}/tasks/${encode(taskId)}/logs${query === "" ? "" : `?${query}`}`;
  },
  keptLogs: (runId: string, taskId: string): string => `/api/v1/runs/${encode(runId)}/tasks/${encode(taskId)}/logs/containers`,
};
