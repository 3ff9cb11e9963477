import { AssertionError } from "node:assert";
import { isDeepStrictEqual } from "node:util";
import type { V1Container, V1Pod } from "@kubernetes/client-node";
import { parseDuration } from "#core/duration.ts";
import type { Graph } from "#core/graph.ts";
import { mapIndexOf, specIdOf } from "#core/instance-id.ts";
import type { NoticeMoment } from "#core/notice.ts";
import type { Outcome } from "#core/outcome.ts";
import { layersOfTask, layPod } from "#core/pod/pod-layers.ts";
import { MAIN_CONTAINER } from "#core/pod/task-pod.ts";
import type { JsonValue } from "#core/result.ts";
import { isFinal, isRunFinal, type RunHeader, type RunState, type TaskRun, type TaskState } from "#core/run.ts";
import type { TaskSpec } from "#core/task-spec.ts";
import { itemOf } from "#core/template/map-item.ts";
import { renderTask, type TryTexts } from "#core/template/render-task.ts";
import { functionOf } from "#sdk/functions.ts";
import { LocalRun } from "./local-run.ts";
import { type TaskView, taskView } from "./task-view.ts";
import { afterTry, type Failure, failedOutcome, succeededOutcome } from "./try-ending.ts";

/** A result, or a function that makes one of a mapped task's item. */
export type Output = JsonValue | undefined | ((item: JsonValue, index: number) => JsonValue | undefined);

const TRY_TAKES_MS = 1_000;
const WAITING: ReadonlySet<TaskState> = new Set(["queued", "up_for_retry", "restarting", "deferred"]);

/**
 * A run in virtual time. The test says how tries end; what follows is what the scheduler would do: the same code decides. A try takes a
 * second, and where a task waits for its next try the clock moves on to it.
 */
export class RunTest {
  readonly #run: LocalRun;
  #now: number;

  constructor(graph: Graph, header: RunHeader, variables: Readonly<Record<string, JsonValue>>) {
    this.#run = new LocalRun({ graph, header, variables });
    this.#now = header.createdAt;
    this.#run.admit(this.#now);
  }

  get id(): string {
    return this.#run.run.id;
  }

  get state(): RunState {
    return this.#run.run.state;
  }

  /** The virtual time. */
  get now(): Date {
    return new Date(this.#now);
  }

  /** Tasks and instances that a worker could begin: in the queue, or waiting for their next try. In the order of the file. */
  get ready(): string[] {
    return this.#ids().filter(id => WAITING.has(this.#run.task(id).state));
  }

  /** Tasks and instances in the order in which they began. Those without a worker (empty, branches) are not among them. */
  get started(): string[] {
    return [...this.#run.begun];
  }

  /** The state of every task, without the instances of mapped ones. */
  get states(): Record<string, TaskState> {
    return Object.fromEntries(this.#run.graph.spec.tasks.map(({ id }) => [id, this.#run.task(id).state]));
  }

  /** Who would have been told of what: `{ moment: "onFailure", task: "load" }`; without a task it is about the run. */
  get notices(): { moment: NoticeMoment; task?: string; try?: number }[] {
    return this.#run.notices.map(({ moment, taskId, try: tryNumber }) => ({
      moment,
      ...(taskId === undefined ? {} : { task: taskId }),
      ...(tryNumber === undefined ? {} : { try: tryNumber }),
    }));
  }

  /** Assets that were updated, in that order. */
  get updatedAssets(): string[] {
    return [...this.#run.updatedAssets];
  }

  /** @param taskId an instance of a mapped task is "load@0" */
  task(taskId: string): TaskView {
    this.#spec(taskId);
    return taskView(this.#run, taskId);
  }

  /**
   * A try succeeds. Of a mapped task that is named whole, each instance does; the result may be a function of its item.
   * @throws AssertionError when the task cannot begin; TypeError when it could not succeed with this result
   */
  succeeds(taskId: string, output?: Output): this {
    for (const id of this.#toEnd(taskId)) {
      const task = this.#spec(id);
      const made = typeof output === "function" ? output(this.#itemOf(id), mapIndexOf(id) ?? 0) : output;
      const { outcome, output: result } = succeededOutcome(task, made);
      this.#end(id, outcome, result);
    }
    return this;
  }

  /** A try fails: `run.fails("load", { exitCode: 3 })`. What follows is up to the task's retries and rules. */
  fails(taskId: string, failure: Failure = {}): this {
    for (const id of this.#toEnd(taskId)) this.#end(id, failedOutcome(failure));
    return this;
  }

  /** Tries fail until the task has no more left. */
  failsForGood(taskId: string, failure: Failure = {}): this {
    do this.fails(taskId, failure);
    while ([taskId, ...this.#run.instancesOf(taskId)].some(id => WAITING.has(this.#run.task(id).state)));
    return this;
  }

  /**
   * Calls the function of a d.fn task with what it would get; the try ends as it does.
   * @returns what it returned
   */
  async calls(taskId: string): Promise<unknown> {
    const task = this.#spec(taskId);
    const work = functionOf(this.#run.graph.spec.id, specIdOf(taskId));
    if (task.operator !== "pod" || task.fn === undefined || work === undefined)
      throw new TypeError(`task '${taskId}' is no function; end it with succeeds() or fails()`);
    const { task: rendered } = this.#texts(taskId);
    const { input } = (rendered as Extract<TaskSpec, { operator: "pod" }>).fn!;
    const stop = new AbortController();
    try {
      const context = { params: {}, run: {}, input: undefined, item: undefined, index: 0, ...input };
      const result = await work({ ...context, log: () => {}, signal: stop.signal });
      this.succeeds(taskId, (result === undefined ? null : JSON.parse(JSON.stringify(result))) as JsonValue);
      return result;
    } catch (error) {
      if (error instanceof TypeError && error.message.startsWith(`task '${taskId}' cannot succeed`)) throw error;
      this.fails(taskId);
      throw error;
    } finally {
      stop.abort();
    }
  }

  /**
   * All that is left succeeds, until the run has ended.
   * @param outputs results by task id, where a task has one
   */
  finishes(outputs: Readonly<Record<string, Output>> = {}): this {
    for (let [next] = this.ready; next !== undefined && !isRunFinal(this.state); [next] = this.ready) {
      this.succeeds(next, outputs[next] ?? outputs[specIdOf(next)]);
    }
    return this;
  }

  /** Time passes: "5m", or milliseconds. */
  passes(duration: string | number): this {
    const ms = typeof duration === "number" ? duration : parseDuration(duration);
    if (ms === undefined) throw new TypeError(`'${duration}' is no duration such as "5m"`);
    this.#now += ms;
    return this;
  }

  /** Somebody stops the run. */
  cancels(): this {
    this.#run.cancel(this.#now);
    return this;
  }

  /** The run takes longer than its runTimeout. */
  timesOut(): this {
    this.#run.timeOut(this.#now);
    return this;
  }

  /** Somebody clears tasks: they run again. What is after them is not cleared with them. */
  clears(...taskIds: readonly string[]): this {
    for (const id of taskIds) this.#spec(id);
    this.#run.act({ type: "clear", tasks: [...taskIds] }, this.#now, "test");
    return this;
  }

  /** Somebody marks tasks as ended so. */
  marks(state: "success" | "failed" | "skipped", ...taskIds: readonly string[]): this {
    for (const id of taskIds) this.#spec(id);
    this.#run.act({ type: "mark", tasks: [...taskIds], state }, this.#now, "test");
    return this;
  }

  /** The task with values in the place of its `{{ … }}`, as its next try would have them. @throws WL_TEMPLATE as the try would fail with */
  rendered(taskId: string): TaskSpec {
    this.#spec(taskId);
    return this.#texts(taskId).task;
  }

  /** The pod of the task's next try, as far as the DAG decides it: without what an installation and Windlass itself add. */
  pod(taskId: string): V1Pod {
    this.#spec(taskId);
    const { task, podDefaults } = this.#texts(taskId);
    if (task.operator !== "pod") throw new TypeError(`task '${taskId}' is no pod but ${task.operator}`);
    return layPod(layersOfTask(task.pod, podDefaults)).pod as V1Pod;
  }

  /** The container that is the task. */
  container(taskId: string): V1Container {
    return this.pod(taskId).spec!.containers.find(({ name }) => name === MAIN_CONTAINER)!;
  }

  /** Asserts the run's state, the states of tasks by id, or both. What is not named is not looked at. */
  expect(expected: RunState | Readonly<Record<string, TaskState>>, state?: RunState): this {
    if (typeof expected === "string") return this.#expect(this.state, expected, "the run");
    for (const id of Object.keys(expected)) this.#spec(id);
    const actual = Object.fromEntries(Object.keys(expected).map(id => [id, this.#run.task(id).state]));
    this.#expect(actual, expected, "tasks");
    return state === undefined ? this : this.expect(state);
  }

  /** Asserts which tasks could begin now, in any order. */
  expectReady(...taskIds: readonly string[]): this {
    return this.#expect(this.ready.toSorted(), taskIds.toSorted(), "what is ready");
  }

  /** The run, one line for each task. */
  toString(): string {
    const lines = this.#ids().map(id => {
      const { state, try: tryNumber, outcome } = this.#run.task(id);
      const tries = tryNumber === 0 ? "" : `  try ${tryNumber} of ${this.#spec(id).retry.retries + 1}`;
      const code = outcome === undefined || outcome.code === "Completed" ? "" : `  ${outcome.code}`;
      return `  ${id}  ${state}${tries}${code}`;
    });
    return [`${this.id}  ${this.state}`, ...lines].join("\n");
  }

  #expect(actual: unknown, expected: unknown, what: string): this {
    if (isDeepStrictEqual(actual, expected)) return this;
    const message = `${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}\n\n${this}`;
    throw new AssertionError({ message, actual, expected, operator: "expect" });
  }

  /** Every task, each mapped one followed by its instances. */
  #ids(): string[] {
    return this.#run.graph.spec.tasks.flatMap(({ id }) => [id, ...this.#run.instancesOf(id)]);
  }

  #spec(taskId: string): TaskSpec {
    const spec = this.#run.spec(taskId);
    if (spec !== undefined) return spec;
    const known = this.#run.graph.spec.tasks.map(({ id }) => id).join(", ");
    throw new AssertionError({ message: `there is no task '${taskId}'; there are ${known}` });
  }

  /** The task, or the instances of a mapped one that have not ended, as they come up. */
  *#toEnd(taskId: string): Iterable<string> {
    const spec = this.#spec(taskId);
    if (this.#run.task(taskId).state !== "mapped") {
      this.#assertReady(taskId, spec);
      return yield taskId;
    }
    // Each once: one that has failed and waits for its next try is not ended again.
    const done = new Set<string>();
    const next = () => this.#run.instancesOf(taskId).find(id => !done.has(id) && WAITING.has(this.#run.task(id).state));
    for (let id = next(); id !== undefined; id = next()) {
      done.add(id);
      yield id;
    }
  }

  #assertReady(taskId: string, spec: TaskSpec): void {
    const { state } = this.#run.task(taskId);
    if (WAITING.has(state)) return;
    const why =
      state === "none"
        ? `it waits for ${spec.upstream.filter(up => !isFinal(this.#run.task(up).state)).join(", ") || "its turn"}`
        : `it is ${state}`;
    throw new AssertionError({ message: `task '${taskId}' cannot begin: ${why}\n\n${this}`, operator: "begin" });
  }

  #end(taskId: string, outcome: Outcome, output?: JsonValue): void {
    const { retryAt } = this.#run.task(taskId);
    if (retryAt !== undefined) this.#now = Math.max(this.#now, retryAt);
    const held: TaskRun = this.#run.begin(taskId, this.#now);
    this.#now += TRY_TAKES_MS;
    const { next, record } = afterTry(this.#spec(taskId), held, outcome, this.id, this.#now);
    this.#run.finish(taskId, next, this.#now, { record, ...(output === undefined ? {} : { output }) });
  }

  #texts(taskId: string): TryTexts {
    const { podDefaults } = this.#run.graph.spec;
    const { state, try: tryNumber } = this.#run.task(taskId);
    const isNext = state === "queued" || state === "up_for_retry";
    const scope = this.#run.scopeOf(taskId);
    const task = { ...(scope.task as object), try: isNext ? tryNumber + 1 : Math.max(tryNumber, 1) };
    return renderTask({ task: this.#spec(taskId), podDefaults }, { ...scope, task });
  }

  #itemOf(taskId: string): JsonValue {
    const index = mapIndexOf(taskId);
    const over = this.#spec(taskId).map?.over;
    return index === undefined || over === undefined ? null : itemOf(over, index, this.#run.scopeOf(taskId));
  }
}
