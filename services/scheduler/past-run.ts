import { comesBefore } from "#core/admission/past.ts";
import type { Run, RunHeader } from "#core/run.ts";
import type { RunStore } from "#state/run-store.ts";

/** Among so many of the DAG's youngest runs the one before is looked for. */
const LOOKED_AT = 1_000;

/** The run of the DAG that comes before this one, by what they stand for; undefined: it is the first. */
export async function pastRun(
  { dagId, ...own }: Pick<RunHeader, "id" | "dagId" | "logicalAt" | "createdAt">,
  runs: Pick<RunStore, "listRuns" | "getRun">,
): Promise<Run | undefined> {
  const before = (await runs.listRuns({ dagId, limit: LOOKED_AT })).filter(run => run.id !== own.id && comesBefore(run, own));
  const last = before.reduce<(typeof before)[number] | undefined>(
    (a, b) => (a === undefined || comesBefore(a, b) ? b : a),
    undefined,
  );
  return last && (await runs.getRun(last.id));
}
