import { ADHOC_DAG } from "#core/dag-spec.ts";
import { type Graph, indexDag } from "#core/graph.ts";
import type { Run } from "#core/run.ts";
import { ApiError } from "./http/api-error.ts";
import type { Ports } from "./ports.ts";
import { unknownDag, unknownRun } from "./routes/unknown.ts";

/**
 * A run beside a version of its DAG: the one it executes, or the one that new runs execute.
 * @throws ApiError when the run, the DAG or the version is unknown
 */
export async function readRun(
  runId: string,
  { runs, dags }: Pick<Ports, "runs" | "dags">,
  which: "run" | "newest" = "run",
): Promise<{ run: Run; version: string; graph: Graph }> {
  const run = await runs.getRun(runId);
  if (run === undefined) throw unknownRun(runId);
  // A pod without a DAG has one version, for ever.
  const { version } =
    which === "run" || run.dagId === ADHOC_DAG ? run : ((await dags.getDag(run.dagId)) ?? raise(unknownDag(run.dagId)));
  const spec = await dags.getSpec(version);
  if (spec === undefined)
    throw new ApiError("WL_VERSION_UNKNOWN", `version '${version}' of DAG '${run.dagId}' is not stored any more`);
  return { run, version, graph: indexDag(spec) };
}

const raise = (error: ApiError): never => {
  throw error;
};
