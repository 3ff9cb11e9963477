import { getRouteApi } from "@tanstack/react-router";
import type { RunDetailReply } from "#contract/run.ts";
import { specIdOf } from "#core/instance-id.ts";
import { hashOfLine, useLineOfHash } from "../log/line-of-hash.ts";
import { GanttChart } from "./gantt-chart.tsx";
import { TaskPanel } from "./task-panel.tsx";

const route = getRouteApi("/runs/$runId");

/** Who ran when at the left; at the right the task that was chosen, at first the one that failed before all others. */
export function TimelineTab({ run }: { run: RunDetailReply }) {
  const { task: chosen, try: tryNumber, container, q } = route.useSearch();
  const line = useLineOfHash();
  const navigate = route.useNavigate();
  const task = run.tasks.find(({ id }) => id === chosen) ?? firstToSee(run);
  return (
    <div className="run-split fill">
      <GanttChart run={run} selected={task?.id} onSelect={id => void navigate({ search: { task: id }, replace: true })} />
      {task !== undefined && (
        <TaskPanel
          run={run}
          task={task}
          tryNumber={tryNumber}
          view={{ container, line, q }}
          onView={({ line: next = line, ...view }) =>
            void navigate({
              search: before => ({ ...before, task: task.id, ...view }),
              hash: hashOfLine("try" in view || "container" in view ? undefined : next),
              replace: true,
            })
          }
        />
      )}
    </div>
  );
}

/** What failed first, else what runs, else what ended last. */
function firstToSee({ tasks, verdict }: RunDetailReply): RunDetailReply["tasks"][number] | undefined {
  const failed = verdict.firstFailed === undefined ? undefined : specIdOf(verdict.firstFailed);
  const last = tasks.filter(({ endedAt }) => endedAt !== undefined).toSorted((a, b) => (a.endedAt! < b.endedAt! ? -1 : 1));
  return (
    tasks.find(({ id }) => id === failed) ??
    tasks.find(({ state }) => state === "running") ??
    tasks.find(({ state }) => state === "up_for_retry" || state === "restarting" || state === "deferred" || state === "mapped") ??
    last.findLast(({ operator }) => operator === "pod") ??
    tasks[0]
  );
}
