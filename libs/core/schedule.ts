import { Cron } from "croner";
import type { DagSpec } from "./dag-spec.ts";

/** The first tick after `afterMs`, within the DAG's start and end; undefined when there is none. */
export function nextTick(dag: Pick<DagSpec, "schedule" | "timezone" | "startAt" | "endAt">, afterMs: number): number | undefined {
  if (dag.schedule === undefined) return undefined;
  const from = Math.max(afterMs, (dag.startAt ?? Number.NEGATIVE_INFINITY) - 1);
  const tick = "everyMs" in dag.schedule ? nextInterval(dag.schedule.everyMs, from) : nextCron(dag.schedule.cron, dag.timezone, from);
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

/**
 * The ticks in (afterMs, untilMs] that a scheduler which looked last at `afterMs` has to start:
 * all of them with `catchup` (at most `limit`, oldest first), else only the latest.
 */
export function dueTicks(dag: DagSpec, afterMs: number, untilMs: number, limit = 1_000): number[] {
  const due: number[] = [];
  for (let at = nextTick(dag, afterMs); at !== undefined && at <= untilMs; at = nextTick(dag, at)) {
    if (!dag.catchup) due.length = 0;
    due.push(at);
    if (dag.catchup && due.length >= limit) break;
  }
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
