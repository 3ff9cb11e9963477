import type { DagSpec } from "#core/dag-spec.ts";
import type { Run } from "#core/run.ts";
import type { Remark } from "#state/act-store.ts";
import type { RunSummary } from "#state/run-record.ts";
import type { TaskTry } from "#state/run-store.ts";
import { ApiError } from "../http/api-error.ts";
import type { Ports } from "../ports.ts";
import { type DagVersions, dagVersions } from "./replies/dag-version-reply.ts";
import { runIdOf } from "./run-id.ts";
import { type TaskRow, taskRows } from "./task-rows.ts";

type Stores = Pick<Ports, "runs" | "dags">;

/** All that replies about a run and its tasks are made of. */
export interface RunFacts {
  run: Run;
  spec: DagSpec | undefined;
  rows: TaskRow[];
  versions: DagVersions;
  remarks: { run?: Remark; tasks: ReadonlyMap<string, Remark> };
  /** By the task's record. */
  tries: ReadonlyMap<string, TaskTry[]>;
}

/** The id of a run that a path names. @throws ApiError 404 when no run can have it */
export function pathRunId({ dagId, dagRunId }: { dagId: string; dagRunId: string }): string {
  const id = runIdOf(dagId, dagRunId);
  if (id === undefined) throw unknownDagRun(dagId, dagRunId);
  return id;
}

export async function readSummary(path: { dagId: string; dagRunId: string }, { runs }: Pick<Ports, "runs">): Promise<RunSummary> {
  const run = await runs.getSummary(pathRunId(path));
  if (run === undefined) throw unknownDagRun(path.dagId, path.dagRunId);
  return run;
}

/** @throws ApiError WL_RUN_UNKNOWN */
export async function readRunFacts(path: { dagId: string; dagRunId: string }, stores: Stores): Promise<RunFacts> {
  const run = await stores.runs.getRun(pathRunId(path));
  if (run === undefined) throw unknownDagRun(path.dagId, path.dagRunId);
  return factsOf(run, stores, await readVersions(path.dagId, stores));
}

export async function factsOf(run: Run, { runs, dags }: Stores, versions: DagVersions): Promise<RunFacts> {
  const [spec, remarks, tries] = await Promise.all([dags.getSpec(run.version), runs.remarks(run.id), runs.listTries(run.id)]);
  return { run, spec, rows: taskRows(run, spec), versions, remarks, tries: Map.groupBy(tries, one => one.taskId) };
}

export const readVersions = async (dagId: string, { dags }: Pick<Ports, "dags">): Promise<DagVersions> =>
  dagVersions(dagId, await dags.listVersions(dagId));

const unknownDagRun = (dagId: string, dagRunId: string): ApiError =>
  new ApiError("WL_RUN_UNKNOWN", `The DagRun with dag_id: \`${dagId}\` and run_id: \`${dagRunId}\` was not found`);
