import type { AnyRoute } from "../http/route.ts";
import { cancelRun } from "./cancel-run.ts";
import { changePassword } from "./change-password.ts";
import { clearTasks } from "./clear-tasks.ts";
import { createToken } from "./create-token.ts";
import { decideApproval } from "./decide-approval.ts";
import { diffVersions } from "./diff-versions.ts";
import { drainWorker } from "./drain-worker.ts";
import { endOwnSessions } from "./end-own-sessions.ts";
import { endSessions } from "./end-sessions.ts";
import { exportRun } from "./export-run.ts";
import { forgetDag } from "./forget-dag.ts";
import { listApprovals } from "./list-approvals.ts";
import { listAssets } from "./list-assets.ts";
import { listAudit } from "./list-audit.ts";
import { listBackfills } from "./list-backfills.ts";
import { listBundles } from "./list-bundles.ts";
import { listDagLines } from "./list-dag-lines.ts";
import { listDags } from "./list-dags.ts";
import { listImportErrors } from "./list-import-errors.ts";
import { listInstances } from "./list-instances.ts";
import { listLiveTasks } from "./list-live-tasks.ts";
import { listLogs } from "./list-logs.ts";
import { listPools } from "./list-pools.ts";
import { listQueues } from "./list-queues.ts";
import { listRuns } from "./list-runs.ts";
import { listSettings } from "./list-settings.ts";
import { listTaskRuns } from "./list-task-runs.ts";
import { listTasks } from "./list-tasks.ts";
import { listTokens } from "./list-tokens.ts";
import { listUsers } from "./list-users.ts";
import { listVariables } from "./list-variables.ts";
import { listVersions } from "./list-versions.ts";
import { listWorkers } from "./list-workers.ts";
import { logLines } from "./log-lines.ts";
import { markRun } from "./mark-run.ts";
import { markTask } from "./mark-task.ts";
import { nextRuns } from "./next-runs.ts";
import { patchBackfill } from "./patch-backfill.ts";
import { patchBundle } from "./patch-bundle.ts";
import { patchDag } from "./patch-dag.ts";
import { patchQueue } from "./patch-queue.ts";
import { patchRun } from "./patch-run.ts";
import { planDag } from "./plan-dag.ts";
import { putBundle } from "./put-bundle.ts";
import { putPool } from "./put-pool.ts";
import { putUser } from "./put-user.ts";
import { putVariable } from "./put-variable.ts";
import { removeBundle } from "./remove-bundle.ts";
import { removePool } from "./remove-pool.ts";
import { removeUser } from "./remove-user.ts";
import { removeVariable } from "./remove-variable.ts";
import { renderDag } from "./render-dag.ts";
import { rerun } from "./rerun.ts";
import { retryTask } from "./retry-task.ts";
import { revokeToken } from "./revoke-token.ts";
import { runHistory } from "./run-history.ts";
import { runOutputs } from "./run-outputs.ts";
import { searchLog } from "./search-log.ts";
import { showBackfill } from "./show-backfill.ts";
import { showBundle } from "./show-bundle.ts";
import { showCalendar } from "./show-calendar.ts";
import { showDag } from "./show-dag.ts";
import { showGrid } from "./show-grid.ts";
import { showHealth } from "./show-health.ts";
import { showLayout } from "./show-layout.ts";
import { showManifest } from "./show-manifest.ts";
import { showMe } from "./show-me.ts";
import { showOverview } from "./show-overview.ts";
import { showPool } from "./show-pool.ts";
import { showQueue } from "./show-queue.ts";
import { showRun } from "./show-run.ts";
import { showSource } from "./show-source.ts";
import { showTask } from "./show-task.ts";
import { showUser } from "./show-user.ts";
import { showVariable } from "./show-variable.ts";
import { showVersion } from "./show-version.ts";
import { startBackfill } from "./start-backfill.ts";
import { startPod } from "./start-pod.ts";
import { startRun } from "./start-run.ts";
import { stopRetrying } from "./stop-retrying.ts";
import { taskLogs } from "./task-logs.ts";
import { tellAsset } from "./tell-asset.ts";
import { tryPod } from "./try-pod.ts";
import { watchEvents } from "./watch-events.ts";
import { whyDag } from "./why-dag.ts";
import { whyTask } from "./why-task.ts";

export const routes: readonly AnyRoute[] = [
  listBundles,
  showBundle,
  putBundle,
  patchBundle,
  removeBundle,
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
  watchEvents,
  showMe,
  changePassword,
  endOwnSessions,
  listTokens,
  createToken,
  revokeToken,
  listUsers,
  showUser,
  putUser,
  removeUser,
  endSessions,
  listAudit,
  drainWorker,
  forgetDag,
  listApprovals,
  listQueues,
  listSettings,
  listTasks,
  patchQueue,
  planDag,
  renderDag,
  runOutputs,
  showHealth,
  showPool,
  showQueue,
  showSource,
  showVersion,
  tryPod,
];
