import type { DagSpec } from "#core/dag-spec.ts";
import { DagClock } from "#core/schedule/dag-clock.ts";
import type { DagRow } from "#state/dag-store.ts";
import type { Ports } from "./ports.ts";
import { unknownDag } from "./routes/unknown.ts";

/** A DAG beside the clock of its schedule. */
export interface ClockedDag {
  row: DagRow;
  spec: DagSpec;
  clock: DagClock;
}

/** @throws WL_DAG_UNKNOWN */
export async function clockedDag(dagId: string, { dags, horizons }: Pick<Ports, "dags" | "horizons">): Promise<ClockedDag> {
  const row = await dags.getDag(dagId);
  const spec = row === undefined ? undefined : await dags.getSpec(row.version);
  if (row === undefined || spec === undefined) throw unknownDag(dagId);
  const hasOwn = spec.schedule !== undefined && "timetable" in spec.schedule;
  const horizon = hasOwn ? await horizons.get(dagId) : undefined;
  return { row, spec, clock: new DagClock(spec, horizon?.ticks) };
}
