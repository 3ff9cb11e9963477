import { setTimeout as sleep } from "node:timers/promises";
import type { RunSummary } from "#state/run-record.ts";
import type { Ports } from "../ports.ts";

const WITHIN_MS = 3_000;
const PAUSE_MS = 20;

/**
 * Waits until the leader has committed something of the run, an act of which was just requested. Airflow does in the request what
 * Windlass' leader does right after it: a client that asks for the state next must not read the one before. Gives up silently.
 */
export async function awaitCommit(
  { id, rev }: Pick<RunSummary, "id" | "rev">,
  { runs }: Pick<Ports, "runs">,
  signal: AbortSignal,
): Promise<void> {
  const until = AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]);
  while (!until.aborted) {
    const run = await runs.getSummary(id);
    if (run === undefined || run.rev !== rev) return;
    await sleep(PAUSE_MS);
  }
}
