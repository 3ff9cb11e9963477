import type { PendingAct } from "./act.ts";
import { applyAct, goOnWithActs } from "./apply-act.ts";
import { closeTasks } from "./close-tasks.ts";
import type { Step } from "./decision.ts";
import { Draft } from "./draft.ts";
import { type Gate, OPEN_GATE } from "./gate.ts";
import type { Graph } from "./graph.ts";
import { reopenFailed } from "./reopen.ts";
import { admit, announce, ended, resolve } from "./resolve.ts";
import { isFinal, isLive, isRunFinal, type Run, type TaskRun } from "./run.ts";
import { runOutcome } from "./run-outcome.ts";

/** Facts about a run, in the past tense. `at` is the instant of the fact: the core has no clock. */
export type RunEvent =
  | { type: "run.admitted"; at: number }
  /**
   * The records were read from the store: what is newer there is taken over, and what they imply and nobody acted on is done now.
   * `first`: this leader has not stepped the run before.
   */
  | {
      type: "run.loaded";
      at: number;
      tasks: ReadonlyMap<string, TaskRun>;
      cancelAt?: number;
      acts?: readonly PendingAct[];
      first?: boolean;
    }
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

/**
 * The orchestrator: folds facts into a run and says what follows. Pure; events that are stale or repeated change nothing.
 * Only the downstreams of what changed are looked at, so a step costs what it moves, not the size of the run.
 * @param gate says whether a ready task may be queued now; by default every one may
 */
export function step(graph: Graph, run: Run, events: readonly RunEvent[], gate: Gate = OPEN_GATE): Step {
  const draft = new Draft(graph, run, gate);
  for (const event of events) apply(draft, event);
  settle(draft);
  return draft.done();
}

function apply(draft: Draft, event: RunEvent): void {
  switch (event.type) {
    case "run.admitted":
      if (draft.run.state !== "queued") return;
      draft.run = { ...draft.run, state: "running", startedAt: event.at };
      return draft.look(draft.graph.starters, event.at);
    case "run.loaded":
      return takeOver(draft, event);
    case "run.cancelRequested":
      return closeTasks(draft, event.at);
    case "run.timedOut":
      return closeTasks(draft, event.at, { code: "run-timeout" }, "failed");
    case "run.acted":
      return applyAct(draft, { id: event.id, at: event.at, by: event.by, act: event.act });
    case "task.ended":
    case "task.reopened":
      return takeNews(draft, event);
    case "task.jobLost":
      return replaceJob(draft, event);
    case "task.admitted":
      if (draft.task(event.taskId).state === "scheduled") admit(draft, event.taskId, event.at);
      return;
    default:
      return event satisfies never;
  }
}

/** News of an older generation, an older try, or of a claim that this record has already passed. */
function isStale(known: TaskRun, news: TaskRun): boolean {
  if (news.gen !== known.gen) return news.gen < known.gen;
  if (news.try !== known.try) return news.try < known.try;
  if (news.epoch !== known.epoch) return news.epoch < known.epoch;
  // A task that was set back keeps its counters: the end that it had is no news.
  return !isLive(known.state) || news.state === known.state;
}

/** News of a task that had failed mean that a person pressed Retry, whether or not that message arrived. */
function takeNews(draft: Draft, { at, taskId, task }: Extract<RunEvent, { type: "task.ended" | "task.reopened" }>): void {
  const known = draft.task(taskId);
  if (isStale(known, task)) return;
  draft.accept(taskId, task);
  if (known.state === "failed") {
    draft.reopenRun();
    reopenFailed(draft, draft.graph.downstream.get(taskId) ?? []);
  }
  if (isFinal(task.state)) ended(draft, taskId, at);
  else if (task.state === "up_for_retry") draft.notify("onRetry", taskId);
  // Nobody waits for the next try of a cancelled run.
  if (draft.run.cancelAt !== undefined && isLive(task.state) && task.state !== "running" && !task.undoing)
    draft.decide({ type: "stop", taskId, gen: task.gen });
}

function takeOver(draft: Draft, event: Extract<RunEvent, { type: "run.loaded" }>): void {
  for (const [taskId, task] of event.tasks) {
    const known = draft.task(taskId);
    if (known === task || isStale(known, task)) continue;
    draft.accept(taskId, task);
    if (isFinal(task.state)) ended(draft, taskId, event.at);
  }
  // Whether the leader before has told of an end is not known: names are computed, so telling it again is telling it once.
  if (event.first) for (const [taskId, { state }] of event.tasks) if (isFinal(state)) announce(draft, taskId);
  const ids = [...draft.graph.tasks.keys()];
  if (draft.open > 0 || ids.some(id => isLive(draft.task(id).state))) draft.reopenRun();
  reopenFailed(draft, ids);
  const cancelAt = draft.run.cancelAt ?? event.cancelAt;
  if (cancelAt !== undefined) closeTasks(draft, cancelAt);
  // A person who clears tasks of a stopped run takes the stop back.
  for (const act of event.acts ?? []) applyAct(draft, act);
  if (draft.run.cancelAt !== undefined) return;
  draft.look(ids, event.at);
  for (const id of draft.recorded()) if (draft.task(id).state === "scheduled") draft.look([id], event.at);
}

/** The successor repeats the try that was under way, so that it adopts the pod which may be running. */
function replaceJob(draft: Draft, event: Extract<RunEvent, { type: "task.jobLost" }>): void {
  const known = draft.task(event.taskId);
  if (event.task.gen !== known.gen || !isLive(event.task.state) || !isLive(known.state) || event.task.epoch < known.epoch) return;
  const under = event.task;
  const isUnderWay = under.state === "running" || under.state === "restarting" || under.state === "deferred";
  const tryBase = isUnderWay ? under.try - 1 : under.try;
  const { floor, undoing } = under;
  // A try that is over leaves nothing to the next one; a try that is under way keeps its pod's name.
  const left = { infra: 0, ...(floor === undefined ? {} : { floor }), ...(undoing === undefined ? {} : { undoing }) };
  const carried = isUnderWay ? under : left;
  const task: TaskRun = { ...carried, state: "queued", gen: under.gen + 1, try: tryBase, epoch: 0, queuedAt: event.at };
  draft.change(event.taskId, task, [under.state]);
  draft.decide({ type: "enqueue", taskId: event.taskId, gen: task.gen, tryBase });
}

/** Starts, skips or fails what is ready, until nothing moves; then ends the run if nothing is left to do. */
function settle(draft: Draft): void {
  goOnWithActs(draft);
  draft.eachToLook((taskId, at) => {
    if (draft.run.state !== "running") return;
    if (draft.run.cancelAt === undefined || goesOn(draft, taskId)) resolve(draft, taskId, at);
  });
  endIfDone(draft);
}

/** What a stopped run still has to do. */
const goesOn = (draft: Draft, taskId: string): boolean =>
  draft.task(taskId).state === "mapped" || draft.graph.tasks.get(taskId)?.teardown !== undefined;

function endIfDone(draft: Draft): void {
  const { run } = draft;
  if (isRunFinal(run.state) || draft.open > 0) return;
  let endedAt = 0;
  for (const id of draft.graph.tasks.keys()) endedAt = Math.max(endedAt, draft.task(id).endedAt ?? 0);
  const state = runOutcome(draft.graph, run, id => draft.task(id).state);
  draft.run = { ...run, state, endedAt };
  draft.notify(state === "success" ? "onSuccess" : "onFailure");
  draft.decide({ type: "endRun", state });
}
