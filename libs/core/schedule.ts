import { Cron } from "croner";
import type { DagSpec } from "./dag-spec.ts";

/** The first tick after `afterMs`, within the DAG's start and end; undefined when there is none. */
export function nextTick(dag: Pick<DagSpec, "schedule" | "timezone" | "startAt" | "endAt">, afterMs: number): number | undefined {
  if (dag.schedule === undefined) return undefined;
  const from = Math.max(afterMs, (dag.startAt ?? Number.NEGATIVE_INFINITY) - 1);
  const tick =
    "everyMs" in dag.schedule ? nextInterval(dag.schedule.everyMs, from) : nextCron(dag.schedule.cron, dag.timezone, from);
  return tick === undefined || (dag.endAt !== undefined && tick > dag.endAt) ? undefined : tick;
}

const nextInterval = (everyMs: number, afterMs: number): number => (Math.floor(afterMs / everyMs) + 1) * everyMs;

function nextCron(expressions: readonly string[], timezone: string, afterMs: number): number | undefined {
  let first: number | undefined;
  for (const expression of expressions) {
    const at = new Cron(expression, { timezone, paused: true }).nextRun(new Date(afterMs))?.getTime();
    if (at !== undefined && (first === undefined || at < first)) first = at;
  }
  return first;
}

/** The last tick at or before `atMs`, within the DAG's start and end. */
function previousTick(dag: Pick<DagSpec, "schedule" | "timezone" | "startAt" | "endAt">, atMs: number): number | undefined {
  if (dag.schedule === undefined) return undefined;
  const until = Math.min(atMs, dag.endAt ?? Number.POSITIVE_INFINITY);
  const tick =
    "everyMs" in dag.schedule
      ? Math.floor(until / dag.schedule.everyMs) * dag.schedule.everyMs
      : previousCron(dag.schedule.cron, dag.timezone, until);
  return tick === undefined || (dag.startAt !== undefined && tick < dag.startAt) ? undefined : tick;
}

function previousCron(expressions: readonly string[], timezone: string, atMs: number): number | undefined {
  let last: number | undefined;
  for (const expression of expressions) {
    // croner looks before its reference in whole seconds: ask from a second later and take the first that is not too late.
    const before = new Cron(expression, { timezone, paused: true }).previousRuns(3, new Date(atMs + 1_000));
    const at = before.map(tick => tick.getTime()).find(tick => tick <= atMs);
    if (at !== undefined && (last === undefined || at > last)) last = at;
  }
  return last;
}

/**
 * The ticks in (afterMs, untilMs] that a scheduler which looked last at `afterMs` has to start:
 * all of them with `catchup` (at most `limit`, oldest first), else only the latest.
 */
export function dueTicks(dag: DagSpec, afterMs: number, untilMs: number, limit = 1_000): number[] {
  if (!dag.catchup) {
    const latest = previousTick(dag, untilMs);
    return latest === undefined || latest <= afterMs ? [] : [latest];
  }
  const due: number[] = [];
  for (let at = nextTick(dag, afterMs); at !== undefined && at <= untilMs && due.length < limit; at = nextTick(dag, at))
    due.push(at);
  return due;
}

/** What is wrong with a cron expression or zone; undefined when it is right. */
export function scheduleProblem(expression: string, timezone: string): string | undefined {
  try {
    new Cron(expression, { timezone, paused: true }).nextRun(new Date(0));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
