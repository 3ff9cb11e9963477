import type { OverviewReply, RunLineReply } from "#contract/overview.ts";

/** A run in a chart: from 0, the left edge, to 1. */
export interface TimelineBar {
  run: RunLineReply;
  from: number;
  until: number;
}

/** A DAG's line in a chart of time. */
export interface TimelineRow {
  dagId: string;
  bars: TimelineBar[];
  /** When schedules are going to start it, from 0 to 1. */
  coming: { at: string; x: number }[];
  failed: number;
  running: number;
}

/** Runs and coming runs by DAG: what fails first, then what runs, then by name. `at`: the present in ms. */
export function timelineRows({ fromAt, untilAt, runs, coming }: OverviewReply["timeline"], at: number): TimelineRow[] {
  const [from, until] = [Date.parse(fromAt), Date.parse(untilAt)];
  const place = (instant: number): number => Math.min(1, Math.max(0, (instant - from) / (until - from)));
  const rows = new Map<string, TimelineRow>();
  const rowOf = (dagId: string): TimelineRow => {
    const row = rows.get(dagId) ?? { dagId, bars: [], coming: [], failed: 0, running: 0 };
    rows.set(dagId, row);
    return row;
  };
  for (const run of runs) {
    const row = rowOf(run.dagId);
    const startAt = Date.parse(run.startedAt ?? run.createdAt);
    row.bars.push({ run, from: place(startAt), until: place(run.endedAt === undefined ? at : Date.parse(run.endedAt)) });
    if (run.state === "failed") row.failed++;
    if (run.state === "running" || run.state === "queued") row.running++;
  }
  for (const { dagId, startsAt } of coming) rowOf(dagId).coming.push({ at: startsAt, x: place(Date.parse(startsAt)) });
  return [...rows.values()].sort(
    (a, b) => b.failed - a.failed || b.running - a.running || b.bars.length - a.bars.length || (a.dagId < b.dagId ? -1 : 1),
  );
}
