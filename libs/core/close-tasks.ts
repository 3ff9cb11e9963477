import type { Draft } from "./draft.ts";
import { end } from "./resolve.ts";
import { isLive, isRunFinal, type TaskReason } from "./run.ts";

/**
 * Ends a run before its tasks are done: what has not started ends now, what is live is stopped. Teardowns of setups that have succeeded,
 * or succeed before they are stopped, still run. `endsAs` absent: as its tasks say.
 */
export function closeTasks(draft: Draft, at: number, reason?: TaskReason, endsAs?: "success" | "failed"): void {
  const { run } = draft;
  if (isRunFinal(run.state)) return;
  if (run.cancelAt === undefined || run.state !== "running" || (endsAs !== undefined && run.endsAs === undefined)) {
    draft.run = {
      ...run,
      cancelAt: run.cancelAt ?? at,
      state: "running",
      startedAt: run.startedAt ?? at,
      ...(endsAs === undefined ? {} : { endsAs }),
    };
  }
  for (const taskId of draft.graph.tasks.keys()) {
    const { state } = draft.task(taskId);
    if (state !== "none") continue;
    if (isOwed(draft, taskId)) draft.look([taskId], at);
    else end(draft, taskId, "cancelled", at, reason);
  }
  for (const taskId of draft.recorded()) {
    const { state, gen, undoing } = draft.task(taskId);
    if (undoing || (state === "scheduled" && isOwed(draft, taskId))) continue;
    if (state === "scheduled") end(draft, taskId, "cancelled", at, reason);
    else if (state === "mapped") draft.look([taskId], at);
    else if (isLive(state)) draft.decide({ type: "stop", taskId, gen });
  }
}

/** Whether the task undoes something that was done, or may still be done although it is being stopped. */
function isOwed(draft: Draft, taskId: string): boolean {
  const setups = draft.graph.tasks.get(taskId)?.teardown?.of.map(setup => draft.task(setup).state) ?? [];
  return setups.some(state => state === "success" || state === "mapped" || isLive(state));
}
