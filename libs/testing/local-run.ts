import type { Act } from "#core/act.ts";
import type { Decision } from "#core/decision.ts";
import { type Graph, specOf } from "#core/graph.ts";
import { instanceId, mapIndexOf, specIdOf } from "#core/instance-id.ts";
import { cancelled } from "#core/outcome.ts";
import type { JsonValue } from "#core/result.ts";
import { isLive, newRun, type Run, type RunHeader, type TaskRun, type TryRecord, taskOf } from "#core/run.ts";
import { SharedMap } from "#core/shared-map.ts";
import { type RunEvent, step } from "#core/step.ts";
import type { TaskSpec } from "#core/task-spec.ts";
import { itemOf } from "#core/template/map-item.ts";
import { runScope, type Scope, type TaskScope, tryScope } from "#core/template/scope.ts";

export type Job = Extract<Decision, { type: "enqueue" }>;
export type Notice = Extract<Decision, { type: "notify" }>;

export interface LocalRunOptions {
  graph: Graph;
  header: RunHeader;
  /** Values of `{{ variables.… }}`. */
  variables?: Readonly<Record<string, JsonValue>>;
  /** A task may be begun. Default: nobody is told. */
  onJob?(job: Job): void;
  /** Whoever holds the task has to let it go. Default: nobody is told. */
  onStop?(taskId: string): void;
}

/**
 * One run without Redis: the rules of the core, and the record that the store and the queue would keep around them, in memory. Nothing is
 * lost here and nobody dies, so there is one truth and no fence.
 */
export class LocalRun {
  readonly graph: Graph;
  readonly variables: Readonly<Record<string, JsonValue>>;
  /** Results by task or instance. */
  readonly outputs = new Map<string, JsonValue>();
  /** Tries that have ended, in that order. */
  readonly tries: (TryRecord & { taskId: string })[] = [];
  /** Tasks and instances that needed a worker, in the order in which their first tries began. */
  readonly begun = new Set<string>();
  /** Who was to be told. */
  readonly notices: Notice[] = [];
  /** Assets that successes have updated, in that order. */
  readonly updatedAssets: string[] = [];
  #run: Run;
  #acts = 0;
  readonly #onJob: (job: Job) => void;
  readonly #onStop: (taskId: string) => void;

  constructor({ graph, header, variables = {}, onJob = () => {}, onStop = () => {} }: LocalRunOptions) {
    this.graph = graph;
    this.variables = variables;
    this.#run = newRun(header);
    this.#onJob = onJob;
    this.#onStop = onStop;
  }

  get run(): Run {
    return this.#run;
  }

  task(taskId: string): TaskRun {
    return taskOf(this.#run, taskId);
  }

  /** The spec of a task or an instance, under its own id. */
  spec(taskId: string): TaskSpec | undefined {
    const spec = specOf(this.graph, taskId);
    return spec === undefined || spec.id === taskId ? spec : { ...spec, id: taskId };
  }

  admit(at: number): void {
    this.#step({ type: "run.admitted", at });
  }

  cancel(at: number): void {
    this.#step({ type: "run.cancelRequested", at });
  }

  /** Its runTimeout is over. */
  timeOut(at: number): void {
    this.#step({ type: "run.timedOut", at });
  }

  act(act: Act, at: number, by: string): void {
    this.#step({ type: "run.acted", id: `act-${++this.#acts}`, at, by, act });
  }

  /** A worker takes the task's job: the next try, or the one that was put off. The task has to be live. */
  begin(taskId: string, at: number): TaskRun {
    const task = this.task(taskId);
    const goesOn = task.state === "restarting" || task.state === "deferred" || task.state === "running";
    const { retryAt: _, ...known } = task;
    const begun: TaskRun = {
      ...known,
      state: "running",
      try: task.try + (goesOn ? 0 : 1),
      infra: goesOn ? task.infra : 0,
      epoch: task.epoch + 1,
      startedAt: goesOn && task.startedAt !== undefined ? task.startedAt : at,
    };
    this.begun.add(taskId);
    this.#write(taskId, begun);
    return begun;
  }

  /** The worker lets go of it. `next` is the task as it is then. */
  finish(taskId: string, next: TaskRun, at: number, { record, output }: { record?: TryRecord; output?: JsonValue } = {}): void {
    if (record !== undefined) this.tries.push({ ...record, taskId });
    if (output !== undefined && next.state === "success") this.outputs.set(taskId, output);
    // Here every result is part of the record: there is no store that it would burden.
    const task = output === undefined || next.state !== "success" ? next : { ...next, output };
    this.#step({ type: "task.ended", at, taskId, task });
  }

  /** All that the texts of the task's next try can name. @throws WL_TEMPLATE when an instance's list has no such item */
  scopeOf(taskId: string): Scope {
    const task = this.task(taskId);
    const index = mapIndexOf(taskId);
    const tasks = Object.fromEntries(this.graph.spec.tasks.map(({ id }) => [id, this.#taskScope(id)]));
    const scope = tryScope(runScope(this.#run, this.graph.spec), {
      task: { id: taskId, try: Math.max(task.try, 1), ...(index === undefined ? {} : { index }) },
      variables: this.variables,
      tasks,
    });
    const over = this.spec(taskId)?.map?.over;
    return over === undefined || index === undefined ? scope : { ...scope, item: itemOf(over, index, scope) };
  }

  #taskScope(id: string): TaskScope {
    const { state, outcome, count } = this.task(id);
    const output = this.outputs.get(id);
    return {
      state,
      ...(output === undefined ? {} : { output }),
      ...(outcome?.exitCode === undefined ? {} : { exitCode: outcome.exitCode }),
      ...(count === undefined ? {} : { outputs: this.#instanceOutputs(id, count) }),
    };
  }

  #instanceOutputs(id: string, count: number): JsonValue[] {
    return Array.from({ length: count }, (_, index) => this.outputs.get(instanceId(id, index)) ?? null);
  }

  #step(event: RunEvent): void {
    const { run, decisions } = step(this.graph, this.#run, [event]);
    this.#run = run;
    for (const decision of decisions) this.#carryOut(decision, event.at);
  }

  #carryOut(decision: Decision, at: number): void {
    switch (decision.type) {
      case "enqueue":
        return this.#onJob(decision);
      case "stop":
        return this.#stop(decision.taskId, at);
      case "notify":
        this.notices.push(decision);
        return;
      case "updateAssets":
        this.updatedAssets.push(...decision.assets);
        return;
      // Nobody sleeps here whom one would have to wake, and the run's state says how it ended.
      case "promote":
      case "endRun":
        return;
      default:
        decision satisfies never;
    }
  }

  /** What waits is cancelled at once; what runs is its holder's to end. */
  #stop(taskId: string, at: number): void {
    const task = this.task(taskId);
    if (task.state === "running") return this.#onStop(taskId);
    if (!isLive(task.state)) return;
    const ended: TaskRun = { ...task, state: "cancelled", endedAt: at, outcome: cancelled("cancelled before it ran") };
    this.#step({ type: "task.ended", at, taskId, task: ended });
  }

  #write(taskId: string, task: TaskRun): void {
    this.#run = { ...this.#run, tasks: SharedMap.of(this.#run.tasks).with(new Map([[taskId, task]])) };
  }

  /** Ids of what was mapped: a task's instances, as far as they exist. */
  instancesOf(taskId: string): string[] {
    const { count = 0 } = specIdOf(taskId) === taskId ? this.task(taskId) : { count: 0 };
    return Array.from({ length: count }, (_, index) => instanceId(taskId, index));
  }
}
