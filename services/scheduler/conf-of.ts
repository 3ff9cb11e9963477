import type { DagSpec } from "#core/dag-spec.ts";
import { readParams } from "#core/params.ts";

/** The parameters of a run that nobody starts by hand, with the DAG's defaults. What the DAG's schema refuses stays as it was given. */
export function confOf({ params }: Pick<DagSpec, "params">, given: Readonly<Record<string, unknown>> = {}) {
  const reading = readParams(params, given);
  return "conf" in reading ? reading.conf : given;
}
