import type { DagSpec } from "./dag-spec.ts";
import type { Deadline } from "./notice.ts";
import type { RunHeader } from "./run.ts";

/** A deadline of a run with its instant. */
export interface DueDeadline {
  /** Its place in the DAG's `deadlines`. */
  index: number;
  dueAt: number;
}

/** Deadlines of a run, by what is to be done about them. */
export interface Deadlines {
  /** Past and not yet noted. */
  due: DueDeadline[];
  /** The next one to come; undefined: none. */
  nextAt: number | undefined;
}

/**
 * When the run should have ended by this deadline; undefined: never, a run that stands for no instant has no logical date.
 * `from` is the creation of the run, its logical date, or an instant.
 */
export function dueAtOf({ from, afterMs }: Deadline, run: Pick<RunHeader, "createdAt" | "logicalAt">): number | undefined {
  if (typeof from === "number") return from + afterMs;
  const start = from === "queued" ? run.createdAt : run.logicalAt;
  return start === undefined ? undefined : start + afterMs;
}

/**
 * Which deadlines a run has missed by `now`, and which one comes next. A run that has ended misses what lay before its end.
 * @param noted indices that are in the record as missed
 */
export function dueDeadlines(
  spec: Pick<DagSpec, "deadlines">,
  run: Pick<RunHeader, "createdAt" | "logicalAt"> & { endedAt?: number },
  now: number,
  noted: ReadonlySet<number> = new Set(),
): Deadlines {
  const seenUpTo = run.endedAt ?? now;
  const due: DueDeadline[] = [];
  let nextAt: number | undefined;
  for (const [index, deadline] of (spec.deadlines ?? []).entries()) {
    const dueAt = dueAtOf(deadline, run);
    if (dueAt === undefined || noted.has(index)) continue;
    if (dueAt < seenUpTo) due.push({ index, dueAt });
    else if (run.endedAt === undefined) nextAt = Math.min(nextAt ?? dueAt, dueAt);
  }
  return { due, nextAt };
}
