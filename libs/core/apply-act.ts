import type { Act, PendingAct } from "./act.ts";
import { closeTasks } from "./close-tasks.ts";
import { type Draft, unstarted } from "./draft.ts";
import { instanceId, specIdOf } from "./instance-id.ts";
import { reopenFailed } from "./reopen.ts";
import { end, ended } from "./resolve.ts";
import { isFinal, isLive, isRunFinal, type TaskRun, type TaskState } from "./run.ts";

type TaskAct = Exclude<Act, { type: "markRun" }>;

/** Does of an act what can be done now. Live tasks are stopped first: the act is kept for them until they have let go. */
export function applyAct(draft: Draft, pending: PendingAct): void {
  const { id, act } = pending;
  if (act.type === "markRun") {
    markRun(draft, act, pending);
    return draft.keepAct(id, undefined);
  }
  if (act.type === "clear" && act.version !== undefined) draft.run = { ...draft.run, version: act.version };
  const waiting = act.tasks.filter(taskId => !applyTo(draft, taskId, act, pending));
  draft.keepAct(id, waiting.length === 0 ? undefined : { ...pending, act: { ...act, tasks: waiting } });
}

/** Acts that wait for tasks which may have moved now. */
export function goOnWithActs(draft: Draft): void {
  for (const pending of draft.waitingActs()) {
    const { act } = pending;
    if (act.type === "markRun" || act.tasks.some(id => !isLive(draft.task(id).state) || isStoppable(draft, id))) {
      applyAct(draft, pending);
    }
  }
}

const isStoppable = (draft: Draft, taskId: string): boolean => WAITING.has(draft.task(taskId).state);

/** false: the task has to let go first. */
function applyTo(draft: Draft, taskId: string, act: TaskAct, pending: PendingAct): boolean {
  const task = draft.task(taskId);
  if (draft.spec(taskId) === undefined) return true;
  switch (act.type) {
    case "clear":
      return hasLetGo(draft, taskId) && clear(draft, taskId, pending.at);
    case "mark":
      return hasLetGo(draft, taskId) && mark(draft, taskId, act.state, pending);
    case "retryNow":
      if (WAITING.has(task.state)) draft.decide({ type: "promote", taskId, gen: task.gen });
      return true;
    case "stopRetrying":
      return stopRetrying(draft, taskId, task, pending);
    default:
      return act satisfies never;
  }
}

const WAITING: ReadonlySet<TaskState> = new Set(["up_for_retry", "restarting", "deferred"]);

/** Stops what is live of the task; true: nothing is. */
function hasLetGo(draft: Draft, taskId: string): boolean {
  const live = [taskId, ...instancesOf(draft, taskId)].filter(id => isLive(draft.task(id).state));
  for (const id of live) draft.decide({ type: "stop", taskId: id, gen: draft.task(id).gen });
  return live.length === 0;
}

function instancesOf(draft: Draft, taskId: string): string[] {
  const { count = 0 } = draft.graph.tasks.has(taskId) ? draft.task(taskId) : {};
  return Array.from({ length: count }, (_, index) => instanceId(taskId, index));
}

/** Back before its start. A mapped task loses its instances' ends with its own; an instance reopens its mapped task. */
function clear(draft: Draft, taskId: string, at: number): true {
  draft.resumeRun();
  for (const id of [...instancesOf(draft, taskId), taskId]) reset(draft, id);
  const parent = specIdOf(taskId);
  if (parent !== taskId) reopenMap(draft, parent);
  reopenFailed(draft, draft.graph.downstream.get(parent) ?? []);
  draft.look([parent, ...(draft.graph.downstream.get(parent) ?? [])], at);
  return true;
}

function reset(draft: Draft, taskId: string): void {
  const task = draft.task(taskId);
  if (task.state !== "none") draft.change(taskId, unstarted(task), [task.state]);
}

function reopenMap(draft: Draft, taskId: string): void {
  const { endedAt: _, reason: __, ...task } = draft.task(taskId);
  if (isFinal(task.state) && task.count !== undefined) draft.change(taskId, { ...task, state: "mapped" }, [task.state]);
}

function mark(draft: Draft, taskId: string, state: "success" | "failed" | "skipped", { at, by }: PendingAct): true {
  if (draft.task(taskId).state === state) return true;
  draft.reopenRun();
  end(draft, taskId, state, at, { code: "marked", by });
  for (const id of instancesOf(draft, taskId)) {
    if (!isFinal(draft.task(id).state)) end(draft, id, state, at, { code: "marked", by });
  }
  reopenFailed(draft, draft.graph.downstream.get(taskId) ?? []);
  return true;
}

/** A try that runs may end as it will; there is no other after it. */
function stopRetrying(draft: Draft, taskId: string, task: TaskRun, { id, at, by }: PendingAct): boolean {
  if (task.state === "cancelled" && draft.run.acts?.has(id)) {
    draft.change(taskId, { ...task, state: "failed", reason: { code: "marked", by } }, ["cancelled"]);
    ended(draft, taskId, at);
    return true;
  }
  if (!isLive(task.state)) return true;
  if (WAITING.has(task.state)) draft.decide({ type: "stop", taskId, gen: task.gen });
  return false;
}

/** The run ends as the person says, and what is open in it with it. */
function markRun(draft: Draft, { state }: Extract<Act, { type: "markRun" }>, { at, by }: PendingAct): void {
  const { run } = draft;
  if (!isRunFinal(run.state)) return closeTasks(draft, at, { code: "marked", by }, state);
  if (run.state === state) return;
  draft.run = { ...run, state };
  draft.decide({ type: "endRun", state });
}
