import { WindlassError } from "#core/errors.ts";
import { listRuns } from "../../dashboard/routes/list-runs.ts";
import type { ApiClient } from "./api-client.ts";

const LATEST = "@latest";

/** The id of the run that is meant: "@latest" is the youngest of all, "etl@latest" the youngest of a DAG. @throws WL_RUN_UNKNOWN */
export async function resolveRun(api: ApiClient, written: string): Promise<string> {
  if (!written.endsWith(LATEST)) return written;
  const dagId = written.slice(0, -LATEST.length) || undefined;
  const { runs } = await api.call(listRuns, { query: { limit: 1, dagId } });
  const [run] = runs;
  if (run === undefined)
    throw new WindlassError("WL_RUN_UNKNOWN", dagId === undefined ? "there is no run yet" : `there is no run of '${dagId}'`);
  return run.id;
}
