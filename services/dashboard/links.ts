const encode = encodeURIComponent;

/** The paths of the API and of the pages, relative to the server. */
export const links = {
  dag: (dagId: string): string => `/api/v1/dags/${encode(dagId)}`,
  runsOf: (dagId: string): string => `/api/v1/runs?dagId=${encode(dagId)}`,
  backfill: (backfillId: string): string => `/api/v1/backfills/${encode(backfillId)}`,
  run: (runId: string): string => `/api/v1/runs/${encode(runId)}`,
  cancel: (runId: string): string => `/api/v1/runs/${encode(runId)}/cancel`,
  history: (runId: string): string => `/api/v1/runs/${encode(runId)}/history`,
  runPage: (runId: string): string => `/runs/${encode(runId)}`,
  pool: (name: string): string => `/api/v1/pools/${encode(name)}`,
  variable: (name: string): string => `/api/v1/variables/${encode(name)}`,
  logs: (runId: string, taskId: string, tryNumber?: number, infra?: number, container?: string): string => {
    const given = Object.entries({ try: tryNumber, infra, container }).filter(([, value]) => value !== undefined);
    const query = given.map(([name, value]) => `${name}=${value}`).join("&");
    return `/api/v1/runs/${encode(runId)}/tasks/${encode(taskId)}/logs${query === "" ? "" : `?${query}`}`;
  },
  keptLogs: (runId: string, taskId: string): string => `/api/v1/runs/${encode(runId)}/tasks/${encode(taskId)}/logs/containers`,
};
