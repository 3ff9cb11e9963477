import type { RunReply } from "#contract/run.ts";

/** A run in a chart of durations. */
export interface DurationBar {
  id: string;
  state: RunReply["state"];
  /** Instant it was created, in ms. */
  at: number;
  /** From its creation to its start. */
  waitedMs: number;
  ranMs: number;
}

/** Runs as bars, the oldest first. @param nowAt runs under way took so long so far */
export function durationChart(runs: readonly RunReply[], nowAt: number) {
  const bars = runs.map(run => barOf(run, nowAt)).reverse();
  const well = bars
    .filter(({ state }) => state === "success")
    .map(({ ranMs }) => ranMs)
    .sort((a, b) => a - b);
  return {
    bars,
    longestMs: Math.max(...bars.map(({ waitedMs, ranMs }) => waitedMs + ranMs), 1) * HEADROOM,
    medianMs: quantile(well, 0.5),
    p95Ms: quantile(well, 0.95),
  };
}

/** Above the longest bar. */
const HEADROOM = 1.06;

function barOf({ id, state, createdAt, startedAt, endedAt }: RunReply, nowAt: number): DurationBar {
  const at = Date.parse(createdAt);
  const end = endedAt === undefined ? nowAt : Date.parse(endedAt);
  const start = startedAt === undefined ? end : Date.parse(startedAt);
  return { id, state, at, waitedMs: Math.max(0, start - at), ranMs: Math.max(0, end - start) };
}

const quantile = (sorted: readonly number[], share: number): number | undefined =>
  sorted.length === 0 ? undefined : sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
