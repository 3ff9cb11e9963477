import type { Run, RunHeader, RunState, TaskRun } from "#core/run.ts";
import { parseTaskRecord } from "./task-record.ts";

/** A run without its tasks. */
export type RunSummary = Omit<Run, "tasks" | "acts" | "progress">;

/** The fields of a run's hash that make a summary, in the order {@link parseRunSummary} takes their values. */
export const RUN_FIELDS = ["header", "state", "rev", "startedAt", "endedAt", "cancelAt", "endsAs"] as const;

/** Reads the values of {@link RUN_FIELDS}; undefined when there is no such run. An empty value is an absent one. */
export function parseRunSummary(values: readonly (string | null)[]): RunSummary | undefined {
  const [header, state, rev, startedAt, endedAt, cancelAt, endsAs] = values;
  if (!header || !state) return undefined;
  return {
    ...(JSON.parse(header) as RunHeader),
    state: state as RunState,
    rev: Number(rev),
    ...(startedAt ? { startedAt: Number(startedAt) } : {}),
    ...(endedAt ? { endedAt: Number(endedAt) } : {}),
    ...(cancelAt ? { cancelAt: Number(cancelAt) } : {}),
    ...(endsAs ? { endsAs: endsAs as "success" | "failed" } : {}),
  };
}

/** What a run was born with, out of all that is known of it. */
export function headerOf(run: RunHeader): RunHeader {
  const { id, dagId, version, trigger, conf, createdAt, logicalAt, interval } = run;
  return {
    id,
    dagId,
    version,
    trigger,
    conf,
    createdAt,
    ...(logicalAt === undefined ? {} : { logicalAt }),
    ...(interval === undefined ? {} : { interval }),
  };
}

export function parseTasks(records: Readonly<Record<string, string>>): Map<string, TaskRun> {
  return new Map(Object.entries(records).map(([taskId, text]) => [taskId, parseTaskRecord(text)]));
}
