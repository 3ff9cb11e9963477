import type { RunState } from "../run.ts";
import type { DagClock, Tick } from "../schedule/dag-clock.ts";
import {
  actionFor,
  type BackfillAction,
  type BackfillOrder,
  type BackfillProgress,
  MAX_BACKFILL_TICKS,
  type Reprocess,
} from "./backfill.ts";

/** What a backfill is about to do for one tick. */
export interface PlannedRun extends Pick<Tick, "runId" | "logicalAt" | "interval"> {
  action: BackfillAction;
  /** Of the run that exists. */
  state?: RunState;
}

/** The ticks of a range that are over, in the order in which they are carried out: one more than allowed, when there are too many. */
export function ticksToFill(
  clock: DagClock,
  { fromAt, untilAt, order }: { fromAt: number; untilAt: number; order: BackfillOrder },
  nowAt: number,
): Tick[] {
  const ticks = clock.between(fromAt, untilAt, MAX_BACKFILL_TICKS + 1).filter(tick => tick.dueAt <= nowAt);
  return order === "oldest" ? ticks : ticks.reverse();
}

/** The dry run: what would be done for each tick as things are now. */
export const planBackfill = (
  ticks: readonly Tick[],
  reprocess: Reprocess,
  stateOf: (runId: string) => RunState | undefined,
): PlannedRun[] =>
  ticks.map(({ runId, logicalAt, interval }) => {
    const state = stateOf(runId);
    return { runId, logicalAt, interval, action: actionFor(reprocess, state), ...(state === undefined ? {} : { state }) };
  });

/**
 * Which ticks are carried out next, as a range of their places.
 * @param total how many ticks there are
 */
export function nextBackfillRuns(
  { state, cursor, active }: Pick<BackfillProgress, "state" | "cursor" | "active">,
  maxActiveRuns: number,
  total: number,
): { from: number; to: number } {
  const free = state === "running" ? Math.max(0, maxActiveRuns - active.length) : 0;
  return { from: cursor, to: Math.min(total, cursor + free) };
}

/** Whether nothing is left of it. */
export const isFilled = ({ cursor, active }: Pick<BackfillProgress, "cursor" | "active">, total: number): boolean =>
  cursor >= total && active.length === 0;
