import { sayDone, sayFailed } from "../acts/said.ts";
import { ask, path } from "../api/ask.ts";
import { queryClient } from "../api/query-client.ts";

/** Pauses or unpauses schedules. What went wrong is said at the edge of the page. */
export async function setPaused(dagIds: readonly string[], paused: boolean): Promise<void> {
  const results = await Promise.allSettled(
    dagIds.map(id => ask(path`/api/v1/dags/${id}`, { method: "PATCH", body: { paused } })),
  );
  void queryClient.invalidateQueries();
  const failed = results.findIndex(({ status }) => status === "rejected");
  if (failed >= 0)
    return sayFailed(
      `${dagIds[failed]} was not ${paused ? "paused" : "unpaused"}`,
      (results[failed] as PromiseRejectedResult).reason,
    );
  sayDone(`${dagIds.length === 1 ? dagIds[0] : `${dagIds.length} DAGs`} ${paused ? "paused" : "unpaused"}`);
}
