import type { AnyRoute } from "../http/route.ts";
import { cancelRun } from "./cancel-run.ts";
import { clearTasks } from "./clear-tasks.ts";
import { decideApproval } from "./decide-approval.ts";
import { diffVersions } from "./diff-versions.ts";
import { exportRun } from "./export-run.ts";
import { listAssets } from "./list-assets.ts";
import { listBackfills } from "./list-backfills.ts";
import { listDagLines } from "./list-dag-lines.ts";
import { listDags } from "./list-dags.ts";
import { listImportErrors } from "./list-import-errors.ts";
import { listInstances } from "./list-instances.ts";
import { listLiveTasks } from "./list-live-tasks.ts";
import { listLogs } from "./list-logs.ts";
import { listPools } from "./list-pools.ts";
import { listRuns } from "./list-runs.ts";
import { listTaskRuns } from "./list-task-runs.ts";
import { listVariables } from "./list-variables.ts";
import { listVersions } from "./list-versions.ts";
import { listWorkers } from "./list-workers.ts";
import { logLines } from "./log-lines.ts";
import { markRun } from "./mark-run.ts";
import { markTask } from "./mark-task.ts";
import { nextRuns } from "./next-runs.ts";
import { patchBackfill } from "./patch-backfill.ts";
import { patchDag } from "./patch-dag.ts";
import { patchRun } from "./patch-run.ts";
import { putPool } from "./put-pool.ts";
import { putVariable } from "./put-variable.ts";
import { removePool } from "./remove-pool.ts";
import { removeVariable } from "./remove-variable.ts";
import { rerun } from "./rerun.ts";
import { retryTask } from "./retry-task.ts";
import { runHistory } from "./run-history.ts";
import { searchLog } from "./search-log.ts";
import { showBackfill } from "./show-backfill.ts";
import { showCalendar } from "./show-calendar.ts";
import { showDag } from "./show-dag.ts";
import { showGrid } from "./show-grid.ts";
import { showLayout } from "./show-layout.ts";
import { showManifest } from "./show-manifest.ts";
import { showOverview } from "./show-overview.ts";
import { showRun } from "./show-run.ts";
import { showTask } from "./show-task.ts";
import { showVariable } from "./show-variable.ts";
import { startBackfill } from "./start-backfill.ts";
import { startPod } from "./start-pod.ts";
import { startRun } from "./start-run.ts";
import { stopRetrying } from "./stop-retrying.ts";
import { taskLogs } from "./task-logs.ts";
import { tellAsset } from "./tell-asset.ts";
import { whyDag } from "./why-dag.ts";
import { whyTask } from "./why-task.ts";

export const routes: readonly AnyRoute[] = [
  listDags,
  showDag,
  patchDag,
  listVersions,
  diffVersions,
  startRun,
  listRuns,
  startPod,
  showRun,
  cancelRun,
  clearTasks,
  markRun,
  rerun,
  patchRun,
  runHistory,
  exportRun,
  retryTask,
  stopRetrying,
  markTask,
  decideApproval,
  taskLogs,
  listLogs,
  listImportErrors,
  listWorkers,
  listVariables,
  showVariable,
  putVariable,
  removeVariable,
  listAssets,
  listBackfills,
  nextRuns,
  patchBackfill,
  showBackfill,
  startBackfill,
  tellAsset,
  listPools,
  putPool,
  removePool,
  whyTask,
  whyDag,
  showOverview,
  listDagLines,
  listLiveTasks,
  showCalendar,
  showLayout,
  showGrid,
  listTaskRuns,
  showTask,
  listInstances,
  logLines,
  searchLog,
  showManifest,
];
