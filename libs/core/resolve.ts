import { branchSkips, isLatestTick } from "./choose.ts";
import { type Draft, unstarted } from "./draft.ts";
import { WindlassError } from "./errors.ts";
import { descendants } from "./graph.ts";
import { instanceId, specIdOf } from "./instance-id.ts";
import { type Readiness, readiness } from "./readiness.ts";
import type { JsonValue } from "./result.ts";
import { isLive, move, type TaskReason } from "./run.ts";
import { scopeOfStep } from "./step-scope.ts";
import { MAX_INSTANCES, type TaskSpec } from "./task-spec.ts";
import { renderText } from "./template/render.ts";

/** Starts, skips or fails a task if it is time to. */
export function resolve(draft: Draft, taskId: string, at: number): void {
  const spec = draft.spec(taskId);
  if (spec === undefined) return;
  const task = draft.task(taskId);
  if (task.state === "mapped") return advanceMap(draft, taskId, spec, at);
  if (isInstance(draft, taskId)) return task.state === "scheduled" ? start(draft, taskId, spec, at) : undefined;
  if (task.state !== "none" && task.state !== "scheduled") return;
  // An upstream may have been cleared or marked since the task became ready.
  if (task.state === "scheduled" && verdictOn(draft, taskId, spec).is !== "ready")
    draft.change(taskId, unstarted(task), ["scheduled"]);
  const verdict = verdictOn(draft, taskId, spec);
  switch (verdict.is) {
    case "wait":
      return;
    case "upstream_failed":
    case "skipped":
      return end(draft, taskId, verdict.is, at, verdict.reason);
    case "ready":
      return spec.map === undefined ? start(draft, taskId, spec, at) : expand(draft, taskId, spec, at);
    default:
      return verdict.is satisfies never;
  }
}

interface Verdict {
  is: Readiness;
  reason?: TaskReason;
}

/** What the task's rule says now, and before it the branches it hangs on. */
export function verdictOn(draft: Draft, taskId: string, spec: TaskSpec): Verdict {
  for (const chooser of draft.graph.choosers.get(taskId) ?? []) {
    const { state, output } = draft.task(chooser);
    if (state === "success" && skips(output, taskId)) return { is: "skipped", reason: { code: "not-chosen", detail: chooser } };
  }
  const tally = draft.upstreamOf(taskId);
  if (spec.teardown === undefined) return { is: readiness(spec.triggerRule, tally) };
  if (tally.success + tally.failed + tally.upstreamFailed + tally.skipped < tally.total) return { is: "wait" };
  const setups = spec.teardown.of.map(id => draft.task(id).state);
  if (setups.includes("success")) return { is: "ready" };
  return { is: setups.some(state => state === "failed" || state === "upstream_failed") ? "upstream_failed" : "skipped" };
}

const skips = (chosen: JsonValue | undefined, taskId: string): boolean => Array.isArray(chosen) && chosen.includes(taskId);

/** Ends a task without a try. */
export function end(
  draft: Draft,
  taskId: string,
  state: "success" | "failed" | "skipped" | "upstream_failed" | "cancelled",
  at: number,
  reason?: TaskReason,
  output?: JsonValue,
): void {
  const task = draft.task(taskId);
  const started = state === "success" && task.startedAt === undefined ? { queuedAt: at, startedAt: at } : {};
  const why = reason === undefined ? {} : { reason };
  const result = output === undefined ? {} : { output };
  draft.change(taskId, move(taskId, task, state, { ...started, endedAt: at, ...why, ...result }), [task.state]);
  ended(draft, taskId, at);
}

/** What follows from a task's end, however it came about. */
export function ended(draft: Draft, taskId: string, at: number): void {
  announce(draft, taskId);
  if (isInstance(draft, taskId)) draft.look([specIdOf(taskId)], at);
  else draft.look(draft.graph.downstream.get(taskId) ?? [], at);
}

/** Tells of a task's end those who have asked to be told. */
export function announce(draft: Draft, taskId: string): void {
  const { state } = draft.task(taskId);
  const spec = draft.spec(taskId);
  if (state === "success" && spec?.outlets !== undefined && !isInstance(draft, taskId))
    draft.decide({ type: "updateAssets", taskId, assets: spec.outlets });
  if (state === "success") draft.notify("onSuccess", taskId);
  if (state === "failed") draft.notify("onFailure", taskId);
  if (state === "skipped") draft.notify("onSkipped", taskId);
}

const isInstance = (draft: Draft, taskId: string): boolean => !draft.graph.tasks.has(taskId);

/** Queues a task, or does at once what needs no worker. */
function start(draft: Draft, taskId: string, spec: TaskSpec, at: number): void {
  switch (spec.operator) {
    case "empty":
      return end(draft, taskId, "success", at);
    case "branch":
    case "shortCircuit":
    case "latestOnly":
      return choose(draft, taskId, spec, at);
    default:
      return enqueue(draft, taskId, spec, at);
  }
}

function enqueue(draft: Draft, taskId: string, spec: TaskSpec, at: number): void {
  const task = draft.task(taskId);
  if (draft.gate.admit(draft.run, taskId, spec, at)) return admit(draft, taskId, at);
  if (task.state !== "scheduled") draft.change(taskId, move(taskId, task, "scheduled", { readyAt: at }), [task.state]);
}

/** The gate said yes. */
export function admit(draft: Draft, taskId: string, at: number): void {
  const { readyAt: _, ...task } = draft.task(taskId);
  const undoing = draft.run.cancelAt === undefined ? {} : { undoing: true as const };
  draft.change(taskId, move(taskId, task, "queued", { gen: task.gen + 1, epoch: 0, queuedAt: at, ...undoing }), [task.state]);
  draft.decide({ type: "enqueue", taskId, gen: task.gen + 1, tryBase: task.try });
}

type Chooser = Extract<TaskSpec, { operator: "branch" | "shortCircuit" | "latestOnly" }>;

/** The chooser's record keeps which direct downstreams do not go on, so that the choice outlives this step. */
function choose(draft: Draft, taskId: string, spec: Chooser, at: number): void {
  const downstream = draft.graph.downstream.get(taskId) ?? [];
  if (spec.operator === "latestOnly")
    return end(draft, taskId, "success", at, undefined, isLatestTick(draft.graph.spec, draft.run, at) ? [] : downstream);
  const value = evaluate(draft, taskId, spec.on, at);
  if (value === FAILED) return;
  if (spec.operator === "branch") return end(draft, taskId, "success", at, undefined, branchSkips(draft.graph, spec, value));
  const isOpen = isTrue(value);
  if (!isOpen && spec.respectRules !== true) skipAll(draft, taskId, at);
  end(draft, taskId, "success", at, undefined, isOpen ? [] : downstream);
}

/** A list or object is true, also an empty one. */
const isTrue = (value: JsonValue): boolean => value !== false && value !== null && value !== 0 && value !== "";

function skipAll(draft: Draft, taskId: string, at: number): void {
  for (const id of descendants(draft.graph, [taskId])) {
    const { state } = draft.task(id);
    if (state === "none" || state === "scheduled") end(draft, id, "skipped", at, { code: "short-circuit", detail: taskId });
  }
}

const FAILED = Symbol("the task has failed");

function evaluate(draft: Draft, taskId: string, text: string, at: number): JsonValue | typeof FAILED {
  try {
    return renderText(text, scopeOfStep(draft, text));
  } catch (error) {
    if (!(error instanceof WindlassError)) throw error;
    end(draft, taskId, "failed", at, { code: "template", detail: error.message });
    return FAILED;
  }
}

/** A mapped task becomes as many instances as its list has items. */
function expand(draft: Draft, taskId: string, spec: TaskSpec, at: number): void {
  const { over } = spec.map!;
  const list = typeof over === "string" ? evaluate(draft, taskId, over, at) : over;
  if (list === FAILED) return;
  if (!Array.isArray(list)) return end(draft, taskId, "failed", at, { code: "template", detail: `${over} is no list` });
  if (list.length === 0) return end(draft, taskId, "skipped", at, { code: "empty-list" });
  if (list.length > MAX_INSTANCES)
    return end(draft, taskId, "failed", at, { code: "too-many", detail: `${list.length} items; at most ${MAX_INSTANCES}` });
  const task = draft.task(taskId);
  draft.change(taskId, move(taskId, task, "mapped", { count: list.length, queuedAt: at, startedAt: at }), [task.state]);
  if (draft.instancesOf(taskId) !== undefined) forgetInstances(draft, taskId, list.length);
  draft.expand(taskId, list.length);
  advanceMap(draft, taskId, spec, at);
}

/** Ends that instances had in an earlier life of the mapped task, or that a person gave them meanwhile. */
function forgetInstances(draft: Draft, taskId: string, count: number): void {
  for (let index = 0; index < count; index++) {
    const id = instanceId(taskId, index);
    const task = draft.task(id);
    if (task.state !== "none" && !isLive(task.state)) draft.change(id, unstarted(task), [task.state]);
  }
}

/** Starts the next instances, and ends the mapped task after the last one. */
function advanceMap(draft: Draft, taskId: string, spec: TaskSpec, at: number): void {
  const { total } = draft.instancesOf(taskId)!;
  const most = spec.map?.maxActive ?? total;
  for (let index = draft.instancesOf(taskId)!.next; index < total; index++) {
    if (draft.instancesOf(taskId)!.active >= most || draft.run.cancelAt !== undefined) break;
    const id = instanceId(taskId, index);
    if (draft.task(id).state === "none") start(draft, id, spec, at);
    draft.startedUpTo(taskId, index + 1);
  }
  const n = draft.instancesOf(taskId)!;
  const isStopped = draft.run.cancelAt !== undefined && n.active === 0;
  if (n.success + n.failed + n.upstreamFailed + n.skipped < n.total) {
    // A run that is being stopped starts no further instance.
    if (isStopped) end(draft, taskId, "cancelled", at);
    return;
  }
  end(draft, taskId, mapOutcome(draft, taskId, spec), at);
}

function mapOutcome(draft: Draft, taskId: string, spec: TaskSpec): "success" | "failed" | "skipped" | "cancelled" {
  const { total, failed, skipped } = draft.instancesOf(taskId)!;
  const { maxFailures = 0 } = spec.map ?? {};
  if (failed > (maxFailures < 1 ? Math.floor(maxFailures * total) : maxFailures)) {
    return draft.run.cancelAt === undefined ? "failed" : "cancelled";
  }
  return skipped === total ? "skipped" : "success";
}
