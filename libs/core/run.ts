import { WindlassError } from "./errors.ts";
import type { Outcome, PodRef } from "./outcome.ts";
import type { PodTimeline } from "./pod-timeline.ts";

/** Task states under Airflow's names; `cancelled` is ours. */
export type TaskState =
  | "none" // its upstreams are not done
  | "queued" // a job for it is in the queue, or about to be
  | "running" // a worker holds it
  | "up_for_retry" // the last try failed, the next one waits for its delay
  | "restarting" // infrastructure ended the try; the same try starts again without using one up
  | "success"
  | "failed"
  | "upstream_failed"
  | "skipped"
  | "cancelled";

/** The one table of legal moves. A task with a live job moves by its worker, every other by the scheduler. */
export const TRANSITIONS: Readonly<Record<TaskState, readonly TaskState[]>> = {
  none: ["queued", "success", "upstream_failed", "skipped", "cancelled"],
  queued: ["running", "failed", "cancelled"],
  running: ["success", "failed", "skipped", "up_for_retry", "restarting", "cancelled", "queued"],
  up_for_retry: ["running", "cancelled", "queued"],
  restarting: ["running", "cancelled", "queued"],
  success: [],
  failed: ["running"], // a person pressed Retry in Bull Board
  upstream_failed: ["none"], // the failed upstream was reopened
  skipped: [],
  cancelled: [],
};

export const TASK_STATES = Object.keys(TRANSITIONS) as TaskState[];

const FINAL: ReadonlySet<TaskState> = new Set(["success", "failed", "upstream_failed", "skipped", "cancelled"]);
const LIVE: ReadonlySet<TaskState> = new Set(["queued", "running", "up_for_retry", "restarting"]);

/** The task will not move again by itself. */
export const isFinal = (state: TaskState): boolean => FINAL.has(state);

/** A job for the task exists or is on its way. */
export const isLive = (state: TaskState): boolean => LIVE.has(state);

/** One task of one run. */
export interface TaskRun {
  state: TaskState;
  /** Generation of the job: grows when a lost job is replaced or a task is cleared. 0 before the first. */
  gen: number;
  /** The last try that was begun; 0 before the first. */
  try: number;
  /** How often infrastructure restarted this try. Part of the pod's name. */
  infra: number;
  /** The claim that may finish the try: grows with every begin of a generation (BullMQ's attemptsStarted). */
  epoch: number;
  queuedAt?: number;
  /** First begin of the current try. */
  startedAt?: number;
  endedAt?: number;
  /** When the next try is due, in up_for_retry and restarting. */
  retryAt?: number;
  /** The worker that holds or held the try. */
  worker?: string;
  pod?: PodRef;
  outcome?: Outcome;
}

export const NOT_STARTED: TaskRun = Object.freeze({ state: "none", gen: 0, try: 0, infra: 0, epoch: 0 });

/** A finished try, kept for ever beside the task. */
export interface TryRecord {
  try: number;
  infra: number;
  state: TaskState;
  startedAt: number;
  endedAt: number;
  worker?: string;
  pod?: PodRef;
  outcome: Outcome;
  /** What the cluster told about the pod's life. */
  timeline?: PodTimeline;
  /** What the pod said of its end after the outcome was recorded, where it says something else. The outcome stands. */
  later?: { code: string; message: string; at: number };
}

export type RunState = "queued" | "running" | "success" | "failed" | "cancelled";

/** What started a run, and who. */
export interface Trigger {
  kind: "manual" | "schedule" | "api" | "adhoc" | "bench";
  by?: string;
}

/** What a run is born with; never changes. */
export interface RunHeader {
  id: string;
  dagId: string;
  /** Content hash of the DagSpec that this run executes. */
  version: string;
  trigger: Trigger;
  /** The caller's parameters. */
  conf: Readonly<Record<string, unknown>>;
  createdAt: number;
  /** The instant a scheduled run stands for. */
  logicalAt?: number;
}

export interface Run extends RunHeader {
  state: RunState;
  /** Counts the scheduler's commits; a commit from an older one is refused. */
  rev: number;
  startedAt?: number;
  endedAt?: number;
  /** Set when somebody asked to cancel the run. */
  cancelAt?: number;
  tasks: ReadonlyMap<string, TaskRun>;
}

export const isRunFinal = (state: RunState): boolean => state === "success" || state === "failed" || state === "cancelled";

export const taskOf = (run: Run, taskId: string): TaskRun => run.tasks.get(taskId) ?? NOT_STARTED;

/** A run just created: everything still before it. */
export const newRun = (header: RunHeader): Run => ({ ...header, state: "queued", rev: 0, tasks: new Map() });

/** The task in its next state. Throws WL_ILLEGAL_TRANSITION when the table forbids the move. */
export function move(taskId: string, task: TaskRun, to: TaskState, change: Partial<TaskRun> = {}): TaskRun {
  if (!TRANSITIONS[task.state].includes(to)) {
    throw new WindlassError("WL_ILLEGAL_TRANSITION", `task '${taskId}' cannot go from ${task.state} to ${to}`);
  }
  return { ...task, ...change, state: to };
}
