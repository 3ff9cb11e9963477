import type { AnyRoute } from "../http/route.ts";
import { cancelRun } from "./cancel-run.ts";
import { listDags } from "./list-dags.ts";
import { listImportErrors } from "./list-import-errors.ts";
import { listLogs } from "./list-logs.ts";
import { listRuns } from "./list-runs.ts";
import { listWorkers } from "./list-workers.ts";
import { patchDag } from "./patch-dag.ts";
import { showDag } from "./show-dag.ts";
import { showRun } from "./show-run.ts";
import { startPod } from "./start-pod.ts";
import { startRun } from "./start-run.ts";
import { taskLogs } from "./task-logs.ts";

export const routes: readonly AnyRoute[] = [
  listDags,
  showDag,
  patchDag,
  startRun,
  listRuns,
  startPod,
  showRun,
  cancelRun,
  taskLogs,
  listLogs,
  listImportErrors,
  listWorkers,
];
