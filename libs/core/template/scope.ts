import type { DagSpec } from "../dag-spec.ts";
import type { JsonValue } from "../result.ts";
import type { RunHeader } from "../run.ts";
import { formatDate } from "./format-date.ts";
import { instantText } from "./zoned-date.ts";

/** The values that names stand for, as plain data: `{ run: { ds: "2026-01-31" }, params: { … }, tasks: { … } }`. Never a secret. */
export type Scope = Readonly<Record<string, unknown>>;

/** Every name that an expression may begin with, and what it is; docs/reference/templates.md is made of it. */
export const SCOPE_NAMES = {
  run: "the run",
  params: "the run's parameters",
  variables: "the installation's variables, as they are when the try starts",
  tasks: "other tasks of the run: their results and how they ended",
  task: "the task itself",
  item: "the item that an instance of a mapped task is for",
  index: "the item's place in its list, from 0",
  dag: "the DAG",
} as const;

/** The fields of `run`. A run that no tick has started stands for the moment of its creation. */
export const RUN_FIELDS = {
  id: "the run's id",
  dagId: "the DAG's id",
  logicalDate: 'the instant that the run stands for: "2026-01-31T06:30:00Z"',
  ds: "its day in UTC: 2026-01-31",
  dsNodash: "its day without dashes: 20260131",
  ts: "the same as logicalDate, under Airflow's name",
  interval:
    "the data that it is about, from `interval.start` to `interval.end`; both are the logical date where it has no interval",
  conf: "the parameters it was started with, the same as `params`",
  trigger: "what started it, `trigger.kind` (manual, schedule, api, backfill, …) and `trigger.by`",
  createdAt: "when it was created",
} as const;

/** The fields of `tasks.<id>`. */
export const TASK_FIELDS = {
  output: "its result",
  outputs: "of a mapped task: the results of its instances in their order; null for one without a result",
  state: "how it ended: success, failed, skipped, upstream_failed or cancelled",
  exitCode: "the exit code of its last try, if it ran",
} as const;

/** What is known of another task. */
export type TaskScope = Readonly<Partial<Record<keyof typeof TASK_FIELDS, JsonValue>>>;

/** What a run and its DAG say: `run`, `params` and `dag`. */
export function runScope(run: RunHeader, dag: Pick<DagSpec, "id" | "owner" | "tags">): Scope {
  const { id, dagId, conf, trigger, createdAt, logicalAt = createdAt, interval } = run;
  const logicalDate = dateText(logicalAt);
  return {
    run: {
      id,
      dagId,
      logicalDate,
      ds: formatDate(logicalAt, "yyyy-MM-dd", "UTC"),
      dsNodash: formatDate(logicalAt, "yyyyMMdd", "UTC"),
      ts: logicalDate,
      interval: { start: dateText(interval?.startAt ?? logicalAt), end: dateText(interval?.endAt ?? logicalAt) },
      conf,
      trigger: { kind: trigger.kind, ...(trigger.by === undefined ? {} : { by: trigger.by }) },
      createdAt: dateText(createdAt),
    } satisfies Record<keyof typeof RUN_FIELDS, unknown>,
    params: conf,
    dag: { id: dag.id, ...(dag.owner === undefined ? {} : { owner: dag.owner }), tags: dag.tags },
  };
}

const dateText = (at: number): string => instantText(at) ?? String(at);

/** What only a worker knows beside the run. */
export interface TryScope {
  task: { id: string; try: number; index?: number };
  variables: Readonly<Record<string, JsonValue>>;
  /** By task id; those that the task's texts name. */
  tasks: Readonly<Record<string, TaskScope>>;
}

/** The scope of one try: all that its texts can name. `item` follows from `map.over`, which is rendered in this scope. */
export const tryScope = (run: Scope, { task, variables, tasks }: TryScope): Scope => ({
  ...run,
  task,
  variables,
  tasks,
  ...(task.index === undefined ? {} : { index: task.index }),
});
