import type { Graph } from "#core/graph.ts";
import { specIdOf } from "#core/instance-id.ts";
import type { Run } from "#core/run.ts";
import { ApiError } from "../http/api-error.ts";

export const unknownDag = (dagId: string): ApiError => new ApiError("WL_DAG_UNKNOWN", `there is no DAG '${dagId}'`);

export const unknownQueue = (name: string): ApiError => new ApiError("WL_QUEUE_UNKNOWN", `no queue '${name}' was ever used`);

export const unknownPool = (name: string): ApiError => new ApiError("WL_POOL_UNKNOWN", `there is no pool '${name}'`);

export const unknownWorker = (id: string): ApiError => new ApiError("WL_WORKER_UNKNOWN", `there is no worker '${id}'`);

export const unknownVariable = (name: string): ApiError => new ApiError("WL_VARIABLE_UNKNOWN", `there is no variable '${name}'`);

export const unknownVersion = (dagId: string, version: string): ApiError =>
  new ApiError("WL_VERSION_UNKNOWN", `DAG '${dagId}' has no version '${version}', or it is not stored any more`);

/** Throws WL_TASK_UNKNOWN when the run's DAG has no task of that name, or the mapped task no such instance. */
export function refuseUnknownTasks(taskIds: readonly string[], run: Run, graph: Graph): void {
  const strange = taskIds.find(id => !(graph.tasks.has(id) || (run.tasks.has(id) && graph.tasks.has(specIdOf(id)))));
  if (strange !== undefined) throw new ApiError("WL_TASK_UNKNOWN", `run '${run.id}' has no task '${strange}'`);
}

export const unknownRun = (runId: string): ApiError => new ApiError("WL_RUN_UNKNOWN", `there is no run '${runId}'`);

export const unknownUser = (name: string): ApiError => new ApiError("WL_USER_UNKNOWN", `there is no user '${name}'`);

export const unknownBackfill = (backfillId: string): ApiError =>
  new ApiError("WL_BACKFILL_UNKNOWN", `there is no backfill '${backfillId}'`);

export const unknownBundle = (name: string): ApiError => new ApiError("WL_BUNDLE_UNKNOWN", `there is no bundle '${name}'`);
