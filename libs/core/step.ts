import type { Graph } from "./graph.ts";
import { readiness } from "./readiness.ts";
import { isFinal, isLive, isRunFinal, move, type Run, type RunState, type TaskRun, type TaskState, taskOf } from "./run.ts";

/** Facts about a run, in the past tense. `at` is the instant of the fact: the core has no clock. */
export type RunEvent =
  | { type: "run.admitted"; at: number }
  | { type: "run.cancelRequested"; at: number }
  /** A worker ended a try and has already written `task` as the record. */
  | { type: "task.ended"; at: number; taskId: string; task: TaskRun }
  /** A worker began a try of a task that had failed: a person pressed Retry. */
  | { type: "task.reopened"; at: number; taskId: string; task: TaskRun }
  /** Reconcile found a live task without a job. */
  | { type: "task.jobLost"; at: number; taskId: string; task: TaskRun };

/** Orders, imperative. Each is harmless when repeated: its name is computed. */
export type Decision =
  /** Put job `gen` of the task into the queue. `tryBase` tries were used up by earlier generations. */
  | { type: "enqueue"; taskId: string; gen: number; tryBase: number }
  /** Stop whatever the task's job is doing: remove it when it waits, abort it when a worker holds it. */
  | { type: "stop"; taskId: string; gen: number }
  | { type: "endRun"; state: RunState };

/** A task the scheduler moves. The store applies it only if the record still is in one of `from`. */
export interface TaskChange {
  taskId: string;
  from: readonly TaskState[];
  task: TaskRun;
}

export interface Step {
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
    case "run.cancelRequested":
      return cancelRun(draft, event.at);
    case "task.ended": {
      if (isStale(draft.task(event.taskId), event.task)) return;
      draft.accept(event.taskId, event.task);
      if (isFinal(event.task.state)) draft.look(draft.graph.downstream.get(event.taskId) ?? [], event.at);
      return;
    }
    case "task.reopened":
      if (isStale(draft.task(event.taskId), event.task)) return;
      draft.accept(event.taskId, event.task);
      draft.run = { ...withoutEnd(draft.run), state: "running" };
      return reopenBelow(draft, event.taskId);
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

function cancelRun(draft: Draft, at: number): void {
  if (isRunFinal(draft.run.state)) return;
  draft.run = { ...draft.run, cancelAt: draft.run.cancelAt ?? at, state: "running", startedAt: draft.run.startedAt ?? at };
  for (const taskId of draft.graph.tasks.keys()) {
    const task = draft.task(taskId);
    if (task.state === "none") draft.change(taskId, move(taskId, task, "cancelled", { endedAt: at }), ["none"]);
    else if (isLive(task.state)) draft.decide({ type: "stop", taskId, gen: task.gen });
  }
}

function reopenBelow(draft: Draft, taskId: string): void {
  const open = [...(draft.graph.downstream.get(taskId) ?? [])];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const task = draft.task(id);
    if (task.state !== "upstream_failed") continue;
    draft.change(id, move(id, withoutEnd(task), "none"), ["upstream_failed"]);
    open.push(...(draft.graph.downstream.get(id) ?? []));
  }
}

/** The successor repeats the try that was under way, so that it adopts the pod which may be running. */
function replaceJob(draft: Draft, event: Extract<RunEvent, { type: "task.jobLost" }>): void {
  const known = draft.task(event.taskId);
  if (event.task.gen !== known.gen || !isLive(event.task.state)) return;
  const under = event.task;
  const tryBase = under.state === "running" || under.state === "restarting" ? under.try - 1 : under.try;
  const task: TaskRun = { ...under, state: "queued", gen: under.gen + 1, try: tryBase, epoch: 0, queuedAt: event.at };
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
  #tasks: Map<string, TaskRun> | undefined;
  readonly #changes = new Map<string, TaskChange>();
  readonly #decisions: Decision[] = [];
  readonly #toLook = new Map<string, number>();
  #mayEnd = false;

  constructor(graph: Graph, run: Run) {
    this.graph = graph;
    this.run = run;
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
    const verdict = readiness(spec, id => this.task(id).state);
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

  /** Airflow's rule: the leaves decide. */
  #outcome(): RunState {
    const leaves = this.graph.leaves.map(id => this.task(id).state);
    if (leaves.some(state => state === "failed" || state === "upstream_failed")) return "failed";
    if (leaves.includes("cancelled")) return this.run.cancelAt === undefined ? "failed" : "cancelled";
    return "success";
  }

  done(): Step {
    const tasks = this.#tasks ?? this.run.tasks;
    const run = { ...this.run, tasks, rev: this.run.rev + 1 };
    return { run, changes: [...this.#changes.values()], decisions: this.#decisions };
  }
}

