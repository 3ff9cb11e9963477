import { type Draft, unstarted } from "./draft.ts";
import { verdictOn } from "./resolve.ts";

/** Sets back what had failed with an upstream that has not failed any more, and what had failed with that. */
export function reopenFailed(draft: Draft, taskIds: Iterable<string>): void {
  const open = [...taskIds];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const task = draft.task(id);
    const spec = draft.graph.tasks.get(id);
    if (spec === undefined || task.state !== "upstream_failed" || verdictOn(draft, id, spec).is === "upstream_failed") continue;
    draft.change(id, unstarted(task), ["upstream_failed"]);
    draft.reopenRun();
    open.push(...(draft.graph.downstream.get(id) ?? []));
  }
}
