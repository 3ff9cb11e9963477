import "../run/run.css";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import type { RunDetailReply, TaskReply } from "#contract/run.ts";
import { specIdOf } from "#core/instance-id.ts";
import { hashOfLine, useLineOfHash } from "../log/line-of-hash.ts";
import { TaskPanel } from "../run/task-panel.tsx";
import { formatDuration } from "../ui/format-duration.ts";
import { QueryView } from "../ui/query-view.tsx";
import { lookOf as stateLook } from "../ui/state-look.ts";
import type { NodeLook } from "./drawing.tsx";
import { GraphView } from "./graph-view.tsx";
import { layoutQuery } from "./layout-query.ts";

const route = getRouteApi("/runs/$runId");

/** A run's tasks as its DAG joins them; beside it the one that was chosen. */
export default function RunGraph({ run }: { run: RunDetailReply }) {
  const { task: chosen, try: tryNumber, container, q } = route.useSearch();
  const line = useLineOfHash();
  const navigate = route.useNavigate();
  const query = useQuery(layoutQuery(run.dagId, run.version));
  const tasks = useMemo(() => new Map(run.tasks.map(task => [task.id, task])), [run.tasks]);
  const lookOf = useCallback((id: string) => nodeLook(tasks.get(id)), [tasks]);
  const task = chosen === undefined ? undefined : tasks.get(chosen);
  const failed = run.verdict.firstFailed;
  return (
    <div className={`run-split fill${task === undefined ? " alone" : ""}`}>
      <QueryView query={query} what="the graph">
        {layout => (
          <GraphView
            layout={layout}
            lookOf={lookOf}
            selected={task?.id}
            focus={failed === undefined ? run.tasks.find(({ state }) => state === "running")?.id : specIdOf(failed)}
            onSelect={id => void navigate({ search: { tab: "graph", task: id }, replace: true })}
          />
        )}
      </QueryView>
      {task !== undefined && (
        <TaskPanel
          run={run}
          task={task}
          tryNumber={tryNumber}
          view={{ container, line, q }}
          onView={({ line: next = line, ...view }) =>
            void navigate({
              search: before => ({ ...before, ...view }),
              hash: hashOfLine("try" in view || "container" in view ? undefined : next),
              replace: true,
            })
          }
        />
      )}
    </div>
  );
}

const UNKNOWN: NodeLook = { state: "none", note: "" };

function nodeLook(task: TaskReply | undefined): NodeLook {
  if (task === undefined) return UNKNOWN;
  const { state, try: number, maxTries, startedAt, endedAt, instances } = task;
  const took =
    startedAt !== undefined && endedAt !== undefined ? formatDuration(Date.parse(endedAt) - Date.parse(startedAt)) : undefined;
  const tries = number > 1 ? `try ${number} of ${maxTries}` : undefined;
  const note = [took ?? stateLook(state).label, tries].filter(part => part !== undefined).join(" · ");
  return { state, note, mapped: instances === undefined ? undefined : { count: instances || undefined } };
}
