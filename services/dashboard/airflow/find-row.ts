import { ApiError } from "../http/api-error.ts";
import type { RunFacts } from "./read-run-facts.ts";
import { NOT_MAPPED, type TaskRow } from "./task-rows.ts";

/** The task instance of the index; -1: the task itself. @throws ApiError WL_TASK_UNKNOWN, also for a mapped task without an index */
export function findRow({ run, rows }: RunFacts, taskId: string, mapIndex = NOT_MAPPED): TaskRow {
  const own = rows.filter(row => row.spec.id === taskId);
  const found = own.find(row => row.mapIndex === mapIndex);
  if (found !== undefined) return found;
  const isMapped = own.length > 0 && mapIndex === NOT_MAPPED;
  throw new ApiError(
    "WL_TASK_UNKNOWN",
    isMapped
      ? "Task instance is mapped, add the map_index value to the URL"
      : `The Task Instance with run: \`${run.id}\`, task_id: \`${taskId}\` and map_index: \`${mapIndex}\` was not found`,
  );
}
