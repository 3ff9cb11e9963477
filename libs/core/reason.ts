import { formatDuration } from "./duration.ts";

const at = (instant: number): string => `${new Date(instant).toISOString().slice(0, 19)}Z`;
const slots = (count: number): string => (count === 1 ? "1 slot" : `${count} slots`);
const said = (message: string | undefined): string => (message === undefined || message === "" ? "" : `: ${message}`);

/** Every reason why a task is where it is, with what has to be known to say it. Instants and durations in ms. */
const REASONS = {
  leaderless: () => "no scheduler leads: nothing is started until one does",
  "dag-paused": () => "the DAG is paused: its schedule starts no runs",
  unscheduled: () => "the DAG has no schedule: its runs are started by hand",
  "schedule-starts": (v: { at: number }) => `the schedule starts ${at(v.at)}`,
  "schedule-ended": (v: { at: number }) => `the schedule ended ${at(v.at)}`,
  "next-run": (v: { at: number }) => `the next run starts ${at(v.at)}`,

  "run-limit": (v: { active: number; limit: number }) => `the run waits: maxActiveRuns ${v.active}/${v.limit}`,
  "run-starting": () => "the run is about to start",
  "run-cancelled": (v: { at: number }) => `the run was stopped ${at(v.at)}`,
  "run-ended": (v: { state: string }) => `the run has ended (${v.state})`,

  upstream: (v: { task: string; state: string }) => `upstream ${v.task} is ${v.state}`,
  "upstream-rule": (v: { rule: string; ended: number; total: number }) =>
    `its rule ${v.rule} does not hold yet: ${v.ended} of ${v.total} upstreams have ended`,
  past: (v: { run: string; task: string; state: string }) => `it depends on past run ${v.run}: ${v.task} is ${v.state} there`,

  "pool-unknown": (v: { pool: string }) => `there is no pool ${v.pool}`,
  "pool-small": (v: { pool: string; slots: number; wants: number }) =>
    `it wants ${slots(v.wants)}, and pool ${v.pool} has ${v.slots}`,
  "pool-full": (v: { pool: string; used: number; slots: number; wants: number }) =>
    `pool ${v.pool} ${v.used}/${v.slots}${v.wants > 1 ? `, and it wants ${v.wants}` : ""}`,
  "dag-limit": (v: { used: number; slots: number }) => `maxActiveTasks of the DAG ${v.used}/${v.slots}`,
  "run-tasks-limit": (v: { used: number; slots: number }) => `maxActiveTasksPerRun ${v.used}/${v.slots}`,
  "task-limit": (v: { used: number; slots: number }) => `maxActive of the task ${v.used}/${v.slots}`,
  "map-limit": (v: { used: number; slots: number }) => `maxActive of the map ${v.used}/${v.slots}`,
  behind: (v: { limit: string; task: string; run: string }) => `${v.task} of run ${v.run} is before it in ${v.limit}`,
  admitted: () => "nothing holds it back: it is about to go into its queue",

  "queue-unattended": (v: { queue: string }) => `no worker consumes queue ${v.queue}`,
  "queue-busy": (v: { queue: string; held: number; capacity: number }) =>
    `the workers of queue ${v.queue} are full: ${v.held}/${v.capacity}`,
  queued: (v: { queue: string }) => `it waits in queue ${v.queue} for a worker`,
  running: (v: { worker: string; phase: string }) => `worker ${v.worker} runs it (${v.phase})`,
  cluster: (v: { code: string; message: string }) => `waiting for the cluster: ${v.code}${said(v.message)}`,
  retry: (v: { inMs: number; after: number; message: string }) =>
    `retry in ${formatDuration(v.inMs)}, after try ${v.after}${said(v.message)}`,
  restart: (v: { inMs: number; message: string }) => `the same try starts again in ${formatDuration(v.inMs)}${said(v.message)}`,
  approval: (v: { question: string }) => `approval awaited: ${v.question}`,
  deferred: (v: { what: string; inMs: number }) => `${v.what} is not so yet; it looks again in ${formatDuration(v.inMs)}`,
  mapped: (v: { ended: number; total: number }) => `${v.ended} of its ${v.total} instances have ended`,

  cleared: (v: { by: string }) => `cleared by ${v.by}`,
  marked: (v: { by: string; state: string }) => `marked ${v.state} by ${v.by}`,
  moved: (v: { state: string; code: string; detail: string }) => `${v.state} (${v.code})${said(v.detail)}`,
  ended: (v: { state: string; message: string }) => `it has ended (${v.state})${said(v.message)}`,
} as const satisfies Record<string, (values: never) => string>;

export type ReasonCode = keyof typeof REASONS;
type ValuesOf<C extends ReasonCode> = Parameters<(typeof REASONS)[C]> extends [infer V] ? V : Readonly<Record<string, never>>;

export const REASON_CODES = Object.keys(REASONS) as ReasonCode[];

/** One exact unmet condition, for people (`sentence`) and programs (`code`, `values`). */
export interface Reason {
  code: ReasonCode;
  sentence: string;
  values: Readonly<Record<string, string | number>>;
}

export function reason<C extends ReasonCode>(code: C, values: ValuesOf<C>): Reason {
  const sentence = (REASONS[code] as (values: ValuesOf<C>) => string)(values);
  return { code, sentence, values: values as Reason["values"] };
}
