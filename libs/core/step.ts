import type { PendingAct } from "./act.ts";
import type { Graph } from "./graph.ts";
import type { NoticeMoment } from "./notice.ts";
import { type Readiness, readiness } from "./readiness.ts";
import { isFinal, isLive, isRunFinal, move, type Run, type RunState, type TaskRun, type TaskState, taskOf } from "./run.ts";

/** Facts about a run, in the past tense. `at` is the instant of the fact: the core has no clock. */
export type RunEvent =
  | { type: "run.admitted"; at: number }
  /** The records were read from the store: what is newer there is taken over, and what they imply and nobody acted on is done now. */
  | { type: "run.loaded"; at: number; tasks: ReadonlyMap<string, TaskRun>; cancelAt?: number }
  | { type: "run.cancelRequested"; at: number }
  /** A worker ended a try and has already written `task` as the record. */
  | { type: "task.ended"; at: number; taskId: string; task: TaskRun }
  /** A worker began a try of a task that had failed: a person pressed Retry. */
  | { type: "task.reopened"; at: number; taskId: string; task: TaskRun }
  /** Reconcile found a live task without a job. */
  | { type: "task.jobLost"; at: number; taskId: string; task: TaskRun }
  /** The gate that had said no says yes now, and holds the slots. */
  | { type: "task.admitted"; at: number; taskId: string }
  /** A person's act. */
  | ({ type: "run.acted" } & PendingAct)
  /** The run took longer than its runTimeoutMs. */
  | { type: "run.timedOut"; at: number };

/** Orders, imperative. Each is harmless when repeated: its name is computed. */
export type Decision =
  /** Put job `gen` of the task into the queue. `tryBase` tries were used up by earlier generations. */
  | { type: "enqueue"; taskId: string; gen: number; tryBase: number }
  /** Stop whatever the task's job is doing: remove it when it waits, abort it when a worker holds it. */
  | { type: "stop"; taskId: string; gen: number }
  /** Start the task's waiting job now. */
  | { type: "promote"; taskId: string; gen: number }
  /** Tell whom the DAG names. `taskId` absent: about the run. `ordinal` makes the notice's name. */
  | { type: "notify"; moment: NoticeMoment; taskId?: string; try?: number }
  /** A task with outlets has succeeded. */
  | { type: "updateAssets"; taskId: string; assets: readonly string[] }
  | { type: "endRun"; state: RunState };

/** A task the scheduler moves. The store applies it only if the record still is in one of `from`. */
export interface TaskChange {
  taskId: string;
  from: readonly TaskState[];
  task: TaskRun;
}

export interface Step {
  /** `rev` has grown by one if there is anything to commit. */
  run: Run;
  changes: readonly TaskChange[];
  decisions: readonly Decision[];
}

/**
 * The orchestrator: folds facts into a run and says what follows. Pure; events that are stale or repeated change nothing.
 * Only the downstreams of what changed are looked at, so a step costs what it moves, not the size of the run.
 */
export function step(graph: Graph, run: Run, events: readonly RunEvent[]): Step {
  const draft = new Draft(graph, run);
  for (const event of events) apply(draft, event);
  draft.settle();
  return draft.done();
}

function apply(draft: Draft, event: RunEvent): void {
  switch (event.type) {
    case "run.admitted":
      if (draft.run.state !== "queued") return;
      draft.run = { ...draft.run, state: "running", startedAt: event.at };
      draft.look(draft.graph.roots, event.at);
      return;
    case "run.loaded":
      return takeOver(draft, event);
    case "run.cancelRequested":
      return cancelRun(draft, event.at);
    case "task.ended":
    case "task.reopened":
      return takeNews(draft, event);
    case "task.jobLost":
      return replaceJob(draft, event);
    default:
      return event satisfies never;
  }
}

/** News of an older generation, an older try, or of a claim that this record has already passed. */
function isStale(known: TaskRun, news: TaskRun): boolean {
  if (news.gen !== known.gen) return news.gen < known.gen;
  if (news.try !== known.try) return news.try < known.try;
  if (news.epoch !== known.epoch) return news.epoch < known.epoch;
  return isFinal(known.state) || news.state === known.state;
}

/** News of a task that had failed mean that a person pressed Retry, whether or not that message arrived. */
function takeNews(draft: Draft, { at, taskId, task }: Extract<RunEvent, { type: "task.ended" | "task.reopened" }>): void {
  const known = draft.task(taskId);
  if (isStale(known, task)) return;
  draft.accept(taskId, task);
  if (known.state === "failed") {
    draft.reopenRun();
    reopen(draft, draft.graph.downstream.get(taskId) ?? []);
  }
  if (isFinal(task.state)) draft.look(draft.graph.downstream.get(taskId) ?? [], at);
  // Nobody waits for the next try of a cancelled run.
  else if (draft.run.cancelAt !== undefined && task.state !== "running") draft.decide({ type: "stop", taskId, gen: task.gen });
}

function takeOver(draft: Draft, event: Extract<RunEvent, { type: "run.loaded" }>): void {
  for (const [taskId, task] of event.tasks) if (!isStale(draft.task(taskId), task)) draft.accept(taskId, task);
  draft.mayEnd();
  const ids = [...draft.graph.tasks.keys()];
  if (ids.some(id => isLive(draft.task(id).state))) draft.reopenRun();
  reopen(draft, ids);
  const cancelAt = draft.run.cancelAt ?? event.cancelAt;
  if (cancelAt !== undefined) return cancelRun(draft, cancelAt);
  draft.look(ids, event.at);
}

function cancelRun(draft: Draft, at: number): void {
  if (isRunFinal(draft.run.state)) return;
  if (draft.run.cancelAt === undefined || draft.run.state !== "running") {
    draft.run = { ...draft.run, cancelAt: draft.run.cancelAt ?? at, state: "running", startedAt: draft.run.startedAt ?? at };
  }
  for (const taskId of draft.graph.tasks.keys()) {
    const task = draft.task(taskId);
    if (task.state === "none") draft.change(taskId, move(taskId, task, "cancelled", { endedAt: at }), ["none"]);
    else if (isLive(task.state)) draft.decide({ type: "stop", taskId, gen: task.gen });
  }
}

/** Sets back what had failed with an upstream that has not failed any more, and what had failed with that. */
function reopen(draft: Draft, taskIds: readonly string[]): void {
  const open = [...taskIds];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const task = draft.task(id);
    if (task.state !== "upstream_failed" || draft.verdictOn(id) === "upstream_failed") continue;
    draft.change(id, move(id, withoutEnd(task), "none"), ["upstream_failed"]);
    draft.reopenRun();
    open.push(...(draft.graph.downstream.get(id) ?? []));
  }
}

/** The successor repeats the try that was under way, so that it adopts the pod which may be running. */
function replaceJob(draft: Draft, event: Extract<RunEvent, { type: "task.jobLost" }>): void {
  const known = draft.task(event.taskId);
  if (event.task.gen !== known.gen || !isLive(event.task.state) || isFinal(known.state) || event.task.epoch < known.epoch) return;
  const under = event.task;
  const isUnderWay = under.state === "running" || under.state === "restarting";
  const tryBase = isUnderWay ? under.try - 1 : under.try;
  // A try that is over leaves nothing to the next one; a try that is under way keeps its pod's name.
  const carried = isUnderWay ? under : { infra: 0 };
  const task: TaskRun = { ...carried, state: "queued", gen: under.gen + 1, try: tryBase, epoch: 0, queuedAt: event.at };
  draft.change(event.taskId, task, [under.state]);
  draft.decide({ type: "enqueue", taskId: event.taskId, gen: task.gen, tryBase });
}

const withoutEnd = <T extends { endedAt?: number }>(value: T): T => {
  const { endedAt: _, ...rest } = value;
  return rest as T;
};

/** A run under change: copies on first write, and remembers what moved. */
class Draft {
  readonly graph: Graph;
  run: Run;
  readonly #before: Run;
  #tasks: Map<string, TaskRun> | undefined;
  readonly #changes = new Map<string, TaskChange>();
  readonly #decisions: Decision[] = [];
  readonly #toLook = new Map<string, number>();
  #mayEnd = false;

  constructor(graph: Graph, run: Run) {
    this.graph = graph;
    this.run = run;
    this.#before = run;
  }

  task(taskId: string): TaskRun {
    return this.#tasks?.get(taskId) ?? taskOf(this.run, taskId);
  }

  /** Takes over a record that a worker has already written. */
  accept(taskId: string, task: TaskRun): void {
    this.#tasks ??= new Map(this.run.tasks);
    this.#tasks.set(taskId, task);
    if (isFinal(task.state)) this.#mayEnd = true;
  }

  /** Moves a task; the store will write it. */
  change(taskId: string, task: TaskRun, from: readonly TaskState[]): void {
    this.accept(taskId, task);
    this.#changes.set(taskId, { taskId, from: this.#changes.get(taskId)?.from ?? from, task });
  }

  decide(decision: Decision): void {
    this.#decisions.push(decision);
  }

  /** Marks tasks whose readiness may have changed. */
  look(taskIds: readonly string[], at: number): void {
    for (const id of taskIds) this.#toLook.set(id, at);
  }

  /** A run that had ended goes on. */
  reopenRun(): void {
    if (isRunFinal(this.run.state)) this.run = { ...withoutEnd(this.run), state: "running" };
  }

  /** What the task's trigger rule says now. */
  verdictOn(taskId: string): Readiness {
    return readiness(this.graph.tasks.get(taskId)!, id => this.task(id).state);
  }

  mayEnd(): void {
    this.#mayEnd = true;
  }

  /** Starts, skips or fails what is ready, until nothing moves; then ends the run if nothing is left to do. */
  settle(): void {
    if (this.run.state === "running" && this.run.cancelAt === undefined) {
      // A Map can grow while it is walked: tasks resolved here mark their own downstreams.
      for (const [id, at] of this.#toLook) {
        this.#toLook.delete(id);
        this.#resolve(id, at);
      }
    }
    if (this.#mayEnd) this.#endIfDone();
  }

  #resolve(taskId: string, at: number): void {
    const spec = this.graph.tasks.get(taskId);
    const task = this.task(taskId);
    if (spec === undefined || task.state !== "none") return;
    const verdict = this.verdictOn(taskId);
    switch (verdict) {
      case "wait":
        return;
      case "upstream_failed":
      case "skipped":
        this.change(taskId, move(taskId, task, verdict, { endedAt: at }), ["none"]);
        return this.look(this.graph.downstream.get(taskId) ?? [], at);
      case "ready":
        if (spec.operator === "empty") {
          this.change(taskId, move(taskId, task, "success", { queuedAt: at, startedAt: at, endedAt: at }), ["none"]);
          return this.look(this.graph.downstream.get(taskId) ?? [], at);
        }
        this.change(taskId, move(taskId, task, "queued", { gen: task.gen + 1, queuedAt: at }), ["none"]);
        return this.decide({ type: "enqueue", taskId, gen: task.gen + 1, tryBase: task.try });
      default:
        return verdict satisfies never;
    }
  }

  #endIfDone(): void {
    if (isRunFinal(this.run.state)) return;
    let endedAt = 0;
    for (const id of this.graph.tasks.keys()) {
      const task = this.task(id);
      if (!isFinal(task.state)) return;
      endedAt = Math.max(endedAt, task.endedAt ?? 0);
    }
    const state = this.#outcome();
    this.run = { ...this.run, state, endedAt };
    this.decide({ type: "endRun", state });
  }

  /** Airflow's rule: the leaves decide. A cancel that still stopped something is the whole story of its run. */
  #outcome(): RunState {
    const leaves = this.graph.leaves.map(id => this.task(id).state);
    if (this.run.cancelAt !== undefined && leaves.includes("cancelled")) return "cancelled";
    return leaves.every(state => state === "success" || state === "skipped") ? "success" : "failed";
  }

  done(): Step {
    const tasks = this.#tasks ?? this.run.tasks;
    const changes = [...this.#changes.values()];
    const moved = changes.length > 0 || this.run !== this.#before;
    const run = { ...this.run, tasks, rev: this.run.rev + (moved ? 1 : 0) };
    return { run, changes, decisions: this.#decisions };
  }
}
