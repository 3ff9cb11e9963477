import { canMoveTo } from "#core/can-move-to.ts";
import type { DagSpec } from "#core/dag-spec.ts";
import type { Run } from "#core/run.ts";
import { ApiError } from "./http/api-error.ts";
import type { Ports } from "./ports.ts";

/** @throws ApiError WL_VERSION_UNFIT when the run cannot go on with the version, with every reason */
export async function refuseUnfit(run: Run, to: DagSpec, { dags }: Ports): Promise<void> {
  const from = await dags.getSpec(run.version);
  const problems = from === undefined ? [] : canMoveTo(from, to, run);
  if (problems.length > 0) throw new ApiError("WL_VERSION_UNFIT", `run '${run.id}': ${problems.join("; ")}`);
}
