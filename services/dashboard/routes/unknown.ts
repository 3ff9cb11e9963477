import { ApiError } from "../http/api-error.ts";

export const unknownDag = (dagId: string): ApiError => new ApiError("WL_DAG_UNKNOWN", `there is no DAG '${dagId}'`);

export const unknownRun = (runId: string): ApiError => new ApiError("WL_RUN_UNKNOWN", `there is no run '${runId}'`);
