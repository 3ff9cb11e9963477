import { DagClock } from "#core/schedule/dag-clock.ts";
import type { DagRow } from "#state/dag-store.ts";
import { ApiError } from "../http/api-error.ts";
import type { Ports } from "../ports.ts";
import type { DagFacts } from "./replies/dag-reply.ts";

type Stores = Pick<Ports, "dags" | "horizons" | "now">;

/** A row beside its spec and the next tick; undefined: it was removed while it was read. */
export async function factsOfDag(row: DagRow, { dags, horizons, now }: Stores): Promise<DagFacts | undefined> {
  const spec = await dags.getSpec(row.version);
  if (spec === undefined) return undefined;
  const hasOwn = spec.schedule !== undefined && "timetable" in spec.schedule;
  const horizon = hasOwn ? await horizons.get(row.id) : undefined;
  const isOver = row.paused || row.removedAt !== undefined;
  const [next] = isOver ? [] : new DagClock(spec, horizon?.ticks).upcoming(1, now());
  return { row, spec, next };
}

/** Also of a DAG whose file was deleted. @throws ApiError WL_DAG_UNKNOWN */
export async function readDagFacts(dagId: string, stores: Stores): Promise<DagFacts> {
  const row = (await stores.dags.getDag(dagId)) ?? (await stores.dags.getRemovedDag(dagId));
  const facts = row === undefined ? undefined : await factsOfDag(row, stores);
  if (facts === undefined) throw new ApiError("WL_DAG_UNKNOWN", `The Dag with ID: \`${dagId}\` was not found`);
  return facts;
}
