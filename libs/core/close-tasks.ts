import type { Draft } from "./draft.ts";
import { end } from "./resolve.ts";
import { isLive, isRunFinal, type TaskReason } from "./run.ts";

/** Ends a run before its tasks are done: what has not started ends now, what is live is stopped. `endsAs` absent: as its tasks say. */
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
    if (state === "none") end(draft, taskId, "cancelled", at, reason);
  }
  for (const taskId of draft.recorded()) {
    const { state, gen } = draft.task(taskId);
    if (state === "scheduled") end(draft, taskId, "cancelled", at, reason);
    else if (state === "mapped") draft.look([taskId], at);
    else if (isLive(state)) draft.decide({ type: "stop", taskId, gen });
  }
}
