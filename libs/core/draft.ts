import type { PendingAct } from "./act.ts";
import type { Decision, Step, TaskChange } from "./decision.ts";
import type { Gate } from "./gate.ts";
import { type Graph, specOf } from "./graph.ts";
import type { NoticeMoment } from "./notice.ts";
import { deriveProgress, ProgressDraft } from "./progress.ts";
import { isRunFinal, type Run, type TaskRun, type TaskState, taskOf } from "./run.ts";
import { SharedMap } from "./shared-map.ts";
import type { InstanceTally, UpstreamTally } from "./tally.ts";
import type { TaskSpec } from "./task-spec.ts";

/** A run under change: remembers what moved, and shares the rest with the run it came from. */
export class Draft {
  readonly graph: Graph;
  readonly gate: Gate;
  run: Run;
  readonly #before: Run;
  readonly #tasks = new Map<string, TaskRun>();
  readonly #changes = new Map<string, TaskChange>();
  readonly #acts = new Map<string, PendingAct | undefined>();
  readonly #decisions: Decision[] = [];
  readonly #toLook = new Map<string, number>();
  readonly #progress: ProgressDraft;

  constructor(graph: Graph, run: Run, gate: Gate) {
    this.graph = graph;
    this.gate = gate;
    this.run = run;
    this.#before = run;
    this.#progress = new ProgressDraft(graph, run.progress ?? deriveProgress(graph, run.tasks));
  }

  task(taskId: string): TaskRun {
    return this.#tasks.get(taskId) ?? taskOf(this.run, taskId);
  }

  spec(taskId: string): TaskSpec | undefined {
    return specOf(this.graph, taskId);
  }

  upstreamOf(taskId: string): UpstreamTally {
    return this.#progress.upstreamOf(taskId);
  }

  instancesOf(taskId: string): InstanceTally | undefined {
    return this.#progress.instancesOf(taskId);
  }

  /** How many tasks of the DAG have not ended. */
  get open(): number {
    return this.#progress.open;
  }

  /** Ids of all tasks that have a record, or get one with this step. */
  *recorded(): Iterable<string> {
    for (const id of this.run.tasks.keys()) yield id;
    for (const id of [...this.#tasks.keys()]) if (!this.run.tasks.has(id)) yield id;
  }

  /** Takes over a record that a worker has already written. */
  accept(taskId: string, task: TaskRun): void {
    this.#progress.count(taskId, this.task(taskId), task);
    this.#tasks.set(taskId, task);
  }

  /** Moves a task; the store will write it. */
  change(taskId: string, task: TaskRun, from: readonly TaskState[]): void {
    this.accept(taskId, task);
    this.#changes.set(taskId, { taskId, from: this.#changes.get(taskId)?.from ?? from, task });
  }

  /** The list of a mapped task is known. */
  expand(taskId: string, total: number): void {
    this.#progress.expand(taskId, total);
  }

  startedUpTo(taskId: string, next: number): void {
    this.#progress.startedUpTo(taskId, next);
  }

  decide(decision: Decision): void {
    this.#decisions.push(decision);
  }

  /** Tells whom the DAG names for the moment; nobody: nothing is decided. */
  notify(moment: NoticeMoment, taskId?: string): void {
    const { notices } = taskId === undefined ? this.graph.spec : (this.spec(taskId) ?? {});
    if (notices?.[moment] === undefined) return;
    this.decide(
      taskId === undefined ? { type: "notify", moment } : { type: "notify", moment, taskId, try: this.task(taskId).try },
    );
  }

  /** Marks tasks whose readiness may have changed. */
  look(taskIds: Iterable<string>, at: number): void {
    for (const id of taskIds) this.#toLook.set(id, at);
  }

  /** Works off what was marked, and what is marked meanwhile: a Map can grow while it is walked. */
  eachToLook(resolve: (taskId: string, at: number) => void): void {
    for (const [id, at] of this.#toLook) {
      this.#toLook.delete(id);
      resolve(id, at);
    }
  }

  /** An act that is not yet done, or done (undefined). */
  keepAct(id: string, rest: PendingAct | undefined): void {
    this.#acts.set(id, rest);
  }

  /** Acts that were waiting before this step and have not been looked at in it. */
  waitingActs(): PendingAct[] {
    return [...(this.run.acts ?? [])].flatMap(([id, act]) => (this.#acts.has(id) ? [] : [act]));
  }

  #pendingActs(): Map<string, PendingAct> {
    const known = new Map<string, PendingAct | undefined>([...(this.run.acts ?? []), ...this.#acts]);
    return new Map([...known].flatMap(([id, act]) => (act === undefined ? [] : [[id, act]])));
  }

  /** A run that had ended goes on. */
  reopenRun(): void {
    if (!isRunFinal(this.run.state)) return;
    const { endedAt: _, ...rest } = this.run;
    this.run = { ...rest, state: "running" };
  }

  /** The same, and whoever had asked it to stop is overruled. */
  resumeRun(): void {
    this.reopenRun();
    const { cancelAt: _, endsAs: __, ...rest } = this.run;
    this.run = rest;
  }

  done(): Step {
    const changes = [...this.#changes.values()];
    const acts = [...this.#acts].map(([id, rest]) => ({ id, ...(rest === undefined ? {} : { rest }) }));
    // A word to the outside has to be committed, even where nothing else follows from the end of a task.
    const isTold = this.#decisions.some(({ type }) => type === "notify" || type === "updateAssets");
    const moved = isTold || changes.length > 0 || acts.length > 0 || headMoved(this.#before, this.run);
    const tasks = SharedMap.of(this.run.tasks).with(this.#tasks);
    const run: Run = {
      ...this.run,
      tasks,
      progress: this.#progress.done(),
      ...(acts.length > 0 ? { acts: this.#pendingActs() } : {}),
      rev: this.run.rev + (moved ? 1 : 0),
    };
    return { run, changes, acts, decisions: this.#decisions };
  }
}

const headMoved = (before: Run, after: Run): boolean =>
  before.state !== after.state ||
  before.startedAt !== after.startedAt ||
  before.endedAt !== after.endedAt ||
  before.cancelAt !== after.cancelAt ||
  before.endsAs !== after.endsAs ||
  before.version !== after.version;

/**
 * The task back before its start. Its counters are kept, because names of jobs and pods are never used twice; the tries it has had count
 * no more against its retries.
 */
export const unstarted = ({ gen, try: tryNumber, epoch }: TaskRun): TaskRun => ({
  state: "none",
  gen,
  try: tryNumber,
  epoch,
  infra: 0,
  ...(tryNumber === 0 ? {} : { floor: tryNumber }),
});
