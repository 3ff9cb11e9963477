import type { Blame } from "#core/outcome.ts";
import type { RunLine } from "./run-lines.ts";

/** A task that has failed in a run. Without a task: the run was stopped, or marked. */
export interface Failure {
  taskId?: string;
  code: string;
  blame: Blame;
  message: string;
  advice?: string;
  at: number;
}

/** Failures of one kind: one task, one code. */
export interface FailureGroup extends Omit<Failure, "at"> {
  dagId: string;
  count: number;
  firstAt: number;
  lastAt: number;
  /** The last run that failed so. */
  runId: string;
  /** The end of the first run after these that went well. */
  recoveredAt?: number;
}

/**
 * Failed runs as what is wrong: by DAG, task and code. What has not recovered comes first, then what failed last.
 * @param failed each with its failures
 * @param ofDag the DAG's runs, the youngest first
 */
export function failureGroups(
  failed: Iterable<{ run: RunLine; failures: readonly Failure[] }>,
  ofDag: (dagId: string) => readonly RunLine[],
): FailureGroup[] {
  const groups = new Map<string, Gathered>();
  for (const { run, failures } of failed) {
    for (const failure of failures) add(groups, run, failure);
  }
  return [...groups.values()]
    .map(({ createdAt, logicalAt, ...group }) => {
      const well = ofDag(group.dagId).findLast(run => run.createdAt > createdAt && makesUpFor(run, logicalAt));
      return { ...group, ...(well?.endedAt === undefined ? {} : { recoveredAt: well.endedAt }) };
    })
    .sort((a, b) => Number(a.recoveredAt !== undefined) - Number(b.recoveredAt !== undefined) || b.lastAt - a.lastAt);
}

/** With what is known of the last run that failed so. */
type Gathered = FailureGroup & { createdAt: number; logicalAt: number | undefined };

/** A backfill is about other dates: that it goes well says something about them only. */
const makesUpFor = ({ state, kind, logicalAt }: RunLine, failedAt: number | undefined): boolean =>
  state === "success" && (kind !== "backfill" || (logicalAt !== undefined && logicalAt === failedAt));

function add(groups: Map<string, Gathered>, run: RunLine, { at, ...failure }: Failure): void {
  const key = [run.dagId, failure.taskId ?? "", failure.code].join("\n");
  const known = groups.get(key);
  if (known === undefined) {
    groups.set(key, {
      ...failure,
      dagId: run.dagId,
      count: 1,
      firstAt: at,
      lastAt: at,
      runId: run.id,
      createdAt: run.createdAt,
      logicalAt: run.logicalAt,
    });
    return;
  }
  if (known.runId !== run.id) known.count++;
  known.firstAt = Math.min(known.firstAt, at);
  if (run.createdAt < known.createdAt || at < known.lastAt) return;
  Object.assign(known, failure, { lastAt: at, runId: run.id, createdAt: run.createdAt, logicalAt: run.logicalAt });
}
