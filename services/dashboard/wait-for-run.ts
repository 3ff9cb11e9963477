import { setTimeout as sleep } from "node:timers/promises";
import { isRunFinal, type RunState } from "#core/run.ts";
import { isRedisAway } from "./http/redis-away.ts";
import type { Ports } from "./ports.ts";

/** The first look comes early, for runs of a moment; later ones cost less. */
const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 500;

/**
 * Holds on until the run has ended, the time is up or the caller is gone, and says where the run stands. An outage of Redis meanwhile is
 * waited out. undefined: there is no such run, or nobody could say.
 */
export async function waitForRun(
  runId: string,
  waitMs: number,
  { runs, now }: Pick<Ports, "runs" | "now">,
  signal: AbortSignal,
): Promise<RunState | undefined> {
  const until = now() + waitMs;
  let state: RunState | undefined;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
    try {
      state = (await runs.getSummary(runId))?.state;
      if (state === undefined || isRunFinal(state)) return state;
    } catch (error) {
      if (!isRedisAway(error)) throw error;
    }
    const leftMs = until - now();
    if (leftMs <= 0 || signal.aborted) return state;
    await sleep(Math.min(pauseMs, leftMs));
  }
}
