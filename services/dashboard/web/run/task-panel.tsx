import { Link } from "@tanstack/react-router";
import { Maximize2 } from "lucide-react";
import { lazy, Suspense } from "react";
import type { RunDetailReply, TaskReply } from "#contract/run.ts";
import { InstancesView } from "../task/instances-view.tsx";
import { OutcomeBox } from "../task/outcome-box.tsx";
import { TaskActions } from "../task/task-actions.tsx";
import type { LogView } from "../task/task-log.tsx";
import { chosenTry, triesOf } from "../task/tries-of.ts";
import { TryTabs } from "../task/try-tabs.tsx";
import { WhyView } from "../task/why-view.tsx";
import { LoadingState } from "../ui/notices.tsx";
import { StateBadge } from "../ui/state-badge.tsx";

// The log is a part of its own: a page that shows none does not load it.
const TaskLog = lazy(() => import("../task/task-log.tsx"));

interface TaskPanelProps {
  run: RunDetailReply;
  task: TaskReply;
  /** The number of the try from the address. */
  tryNumber: number | undefined;
  view: LogView;
  onView: (view: Partial<LogView> & { try?: number | undefined }) => void;
}

/** One task of the run beside its picture: how it ended, why, and its log. */
export function TaskPanel({ run, task, tryNumber, view, onView }: TaskPanelProps) {
  const tries = triesOf(task);
  const chosen = chosenTry(tries, tryNumber);
  return (
    <section className="task-panel" aria-label={`Task ${task.id}`}>
      <header className="task-panel-head">
        <h2 className="cut">
          <Link to="/runs/$runId/tasks/$taskId" params={{ runId: run.id, taskId: task.id }} title={task.id}>
            {task.id}
          </Link>
        </h2>
        <StateBadge
          state={task.state}
          suffix={task.maxTries > 1 && task.try > 0 ? `try ${task.try} of ${task.maxTries}` : undefined}
        />
        <Link
          to="/runs/$runId/tasks/$taskId"
          params={{ runId: run.id, taskId: task.id }}
          search={tryNumber === undefined ? {} : { try: tryNumber }}
          className="button small"
          data-tip="All of the task: pod, why, texts, result, earlier runs"
        >
          <Maximize2 size={13} aria-hidden="true" /> Open
        </Link>
        <TaskActions runId={run.id} task={task} small />
      </header>
      {tries.length > 1 && chosen !== undefined && (
        <TryTabs tries={tries} chosen={chosen} onChoose={one => onView({ try: one.try })} />
      )}
      {chosen?.outcome !== undefined && (
        <OutcomeBox outcome={chosen.outcome} state={chosen.state} pod={chosen.pod} later={chosen.later} />
      )}
      {((chosen === undefined && task.instances === undefined) ||
        task.state === "up_for_retry" ||
        task.state === "restarting") && (
        <div className="task-panel-why">
          <WhyView runId={run.id} taskId={task.id} />
        </div>
      )}
      {task.instances !== undefined && <InstancesView runId={run.id} taskId={task.id} />}
      {chosen !== undefined && (
        <div className="task-panel-log">
          <Suspense fallback={<LoadingState what="the log" />}>
            <TaskLog runId={run.id} task={task} of={chosen} view={view} onView={onView} />
          </Suspense>
        </div>
      )}
    </section>
  );
}
