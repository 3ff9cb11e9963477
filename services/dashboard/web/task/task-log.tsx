import { ScrollText } from "lucide-react";
import type { TaskReply } from "#contract/run.ts";
import { LogViewer } from "../log/log-viewer.tsx";
import { EmptyState } from "../ui/notices.tsx";
import type { TryView } from "./tries-of.ts";

/** What of a log's view lies in the address. */
export interface LogView {
  container: string | undefined;
  line: number | undefined;
  q: string | undefined;
}

interface TaskLogProps {
  runId: string;
  task: TaskReply;
  of: TryView;
  view: LogView;
  onView: (view: Partial<LogView>) => void;
}

const MAIN = "main";

/** The log of one container of one try, opened where it says why it failed. */
export default function TaskLog({ runId, task, of, view, onView }: TaskLogProps) {
  const { containers } = of;
  if (containers.length === 0)
    return (
      <EmptyState
        icon={ScrollText}
        title={task.operator === "pod" ? "Its logs are not kept" : `A task of kind “${task.operator}” prints no log`}
      >
        {task.operator === "pod"
          ? "The DAG says so (logs: false), or the installation keeps none."
          : "What it did is in its outcome and in the run's events."}
      </EmptyState>
    );
  // A failure of an init container or a sidecar is told in that one's log.
  const blamed = of.outcome?.result === "failed" ? of.outcome.container : undefined;
  const preferred = [view.container, blamed, MAIN].find(name => name !== undefined && containers.includes(name));
  const container = preferred ?? containers[0]!;
  const isOpen = of.endedAt === undefined;
  return (
    <LogViewer
      key={`${runId} ${task.id} ${of.try} ${of.infra} ${container}`}
      name={{ runId, taskId: task.id, try: of.try, infra: of.infra, container }}
      containers={containers}
      isOpen={isOpen}
      start={isOpen ? "end" : of.outcome?.result === "failed" ? "error" : "beginning"}
      line={view.line}
      query={view.q ?? ""}
      onLine={line => onView({ line })}
      onQuery={q => onView({ q: q === "" ? undefined : q })}
      onContainer={name => onView({ container: name })}
    />
  );
}
