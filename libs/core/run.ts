import type { PendingAct } from "./act.ts";
import type { AssetUpdate } from "./asset-update.ts";
import { WindlassError } from "./errors.ts";
import type { Outcome, PodRef } from "./outcome.ts";
import type { PodTimeline } from "./pod-timeline.ts";
import type { JsonValue } from "./result.ts";
import type { Progress } from "./tally.ts";

/** Task states under Airflow's names; `mapped` and `cancelled` are ours. */
export type TaskState =
  | "none" // its upstreams are not done
  | "scheduled" // its upstreams are done; it waits for a slot, for a limit, or for the run before
  | "mapped" // its instances run; it ends when they have
  | "queued" // a job for it is in the queue, or about to be
  | "running" // a worker holds it
  | "deferred" // it waits for something outside and holds no worker
  | "up_for_retry" // the last try failed, the next one waits for its delay
  | "restarting" // infrastructure ended the try; the same try starts again without using one up
  | "success"
  | "failed"
  | "upstream_failed"
  | "skipped"
  | "cancelled";

/** The one table of legal moves. A task with a live job moves by its worker, every other by the scheduler. */
export const TRANSITIONS: Readonly<Record<TaskState, readonly TaskState[]>> = {
  none: ["scheduled", "mapped", "queued", "success", "failed", "upstream_failed", "skipped", "cancelled"],
  scheduled: ["none", "queued", "success", "failed", "skipped", "cancelled"],
  mapped: ["none", "success", "failed", "skipped", "upstream_failed", "cancelled"],
  queued: ["running", "none", "success", "failed", "skipped", "cancelled"],
  running: ["success", "failed", "skipped", "up_for_retry", "restarting", "deferred", "cancelled", "queued"],
  deferred: ["running", "none", "success", "failed", "skipped", "cancelled", "queued"],
  up_for_retry: ["running", "none", "success", "failed", "skipped", "cancelled", "queued"],
  restarting: ["running", "none", "success", "failed", "skipped", "cancelled", "queued"],
  // From an end back: a person cleared or marked it, or pressed Retry in Bull Board (failed → running).
  success: ["none", "failed", "skipped", "mapped"],
  failed: ["running", "none", "success", "skipped", "mapped"],
  upstream_failed: ["none", "success", "failed", "skipped"],
  skipped: ["none", "success", "failed", "mapped"],
  cancelled: ["none", "success", "failed", "skipped", "mapped"],
};

export const TASK_STATES = Object.keys(TRANSITIONS) as TaskState[];

const FINAL: ReadonlySet<TaskState> = new Set(["success", "failed", "upstream_failed", "skipped", "cancelled"]);
const LIVE: ReadonlySet<TaskState> = new Set(["queued", "running", "deferred", "up_for_retry", "restarting"]);

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
  /** Tries up to this one do not count against the retries: the task was cleared since. Absent: 0. */
  floor?: number;
  /** How often infrastructure restarted this try. Part of the pod's name. */
  infra: number;
  /** The claim that may finish the try: grows with every begin of a generation (BullMQ's attemptsStarted). */
  epoch: number;
  queuedAt?: number;
  /** First begin of the current try. */
  startedAt?: number;
  endedAt?: number;
  /** When the next try is due, in up_for_retry and restarting; when it looks again, in deferred. */
  retryAt?: number;
  /** When its upstreams were done, in scheduled. */
  readyAt?: number;
  /** A mapped task's number of instances, once known. */
  count?: number;
  /** A teardown that a stopped run still owes: it runs although the run is cancelled. */
  undoing?: true;
  /** The result, of a task whose result the scheduler itself needs (branches, maps). */
  output?: JsonValue;
  /** Why it is where it is, where no try says so: a way not taken, a person's mark. */
  reason?: TaskReason;
  /** The worker that holds or held the try. */
  worker?: string;
  pod?: PodRef;
  outcome?: Outcome;
}

/** Why the scheduler or a person moved a task. */
export interface TaskReason {
  code:
    | "not-chosen"
    | "short-circuit"
    | "not-latest"
    | "empty-list"
    | "template"
    | "too-many"
    | "marked"
    | "cleared"
    | "run-timeout";
  /** The task that decided it, or a sentence with the evidence. */
  detail?: string;
  by?: string;
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
  /** What its texts with `{{ … }}` became, by where they stand; at most 8 KB. */
  rendered?: Readonly<Record<string, string>>;
}

export type RunState = "queued" | "running" | "success" | "failed" | "cancelled";

/** What started a run, and who. */
export interface Trigger {
  kind: "manual" | "schedule" | "api" | "adhoc" | "bench" | "backfill" | "asset" | "trigger" | "rerun";
  by?: string;
  /** The request that asked for it, as it is called in the dashboard's log. */
  requestId?: string;
  /** The backfill it is part of. */
  backfillId?: string;
  /** The updates of assets that asked for it, oldest first. */
  assets?: readonly AssetUpdate[];
  /** The task that started it. */
  parent?: { runId: string; taskId: string };
  /** The run it repeats. */
  rerunOf?: string;
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
  /** The data it is about; of a scheduled run. */
  interval?: { startAt: number; endAt: number };
}

export interface Run extends RunHeader {
  state: RunState;
  /** Counts the scheduler's commits; a commit from an older one is refused. */
  rev: number;
  startedAt?: number;
  endedAt?: number;
  /** Set when somebody asked to cancel the run, or its time was up. */
  cancelAt?: number;
  /** What a stopped run ends as. Absent: as its tasks say, or cancelled. */
  endsAs?: "success" | "failed";
  tasks: ReadonlyMap<string, TaskRun>;
  /** Acts that are not done: they wait for tasks that are being stopped. By id. */
  acts?: ReadonlyMap<string, PendingAct>;
  /** Derived from the tasks, in the memory of the leader only. */
  progress?: Progress;
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
