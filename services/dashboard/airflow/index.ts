import { absentOperations } from "./absent-operations.ts";
import type { AirflowOperation } from "./operation.ts";
import { clearRun } from "./routes/clear-run.ts";
import { clearTasks } from "./routes/clear-tasks.ts";
import { listDags } from "./routes/list-dags.ts";
import { listMapped } from "./routes/list-mapped.ts";
import { listAllRuns, listRuns } from "./routes/list-runs.ts";
import { listAllTaskInstances, listTaskInstances, listTaskInstancesOfDag } from "./routes/list-task-instances.ts";
import { listTries, showTry } from "./routes/list-tries.ts";
import { patchDag } from "./routes/patch-dag.ts";
import { patchDags } from "./routes/patch-dags.ts";
import { patchRun } from "./routes/patch-run.ts";
import { patchTaskInstance } from "./routes/patch-task-instance.ts";
import { showDag } from "./routes/show-dag.ts";
import { showDagDetails } from "./routes/show-dag-details.ts";
import { showDagSource } from "./routes/show-dag-source.ts";
import { showLog } from "./routes/show-log.ts";
import { showRun } from "./routes/show-run.ts";
import { showMappedTaskInstance, showTaskInstance } from "./routes/show-task-instance.ts";
import { triggerRun } from "./routes/trigger-run.ts";
import { waitRun } from "./routes/wait-run.ts";
import { listXComs, showXCom } from "./routes/x-com.ts";

/** What there is of Airflow's API. Of two that fit a path the first answers: literal paths stand before patterns. */
export const airflowOperations: readonly AirflowOperation[] = [
  listDags,
  patchDags,
  showDag,
  patchDag,
  showDagDetails,
  showDagSource,
  listAllRuns,
  listRuns,
  triggerRun,
  showRun,
  patchRun,
  clearRun,
  waitRun,
  clearTasks,
  listAllTaskInstances,
  listTaskInstancesOfDag,
  listTaskInstances,
  showTaskInstance,
  patchTaskInstance,
  listMapped,
  listTries,
  showTry,
  showLog,
  listXComs,
  showXCom,
  ...absentOperations,
  showMappedTaskInstance,
];
