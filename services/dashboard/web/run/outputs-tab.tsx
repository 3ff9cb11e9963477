import { Link } from "@tanstack/react-router";
import { PackageOpen } from "lucide-react";
import type { RunDetailReply } from "#contract/run.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { EmptyState } from "../ui/notices.tsx";
import { Panel } from "../ui/panel.tsx";

/** What the tasks have written as their results. */
export function OutputsTab({ run }: { run: RunDetailReply }) {
  const tasks = run.tasks.filter(({ output }) => output !== undefined);
  if (tasks.length === 0)
    return (
      <EmptyState icon={PackageOpen} title="No task has written a result">
        A task with the option <code>result</code> writes JSON to the file that WINDLASS_RESULT_PATH names; tasks after it use it
        as <code>{"{{ tasks.<id>.output }}"}</code>.
      </EmptyState>
    );
  return (
    <div className="stack loose">
      {tasks.map(({ id, output }) => {
        const text = JSON.stringify(output, undefined, 2);
        return (
          <Panel
            key={id}
            title={
              <Link to="/runs/$runId/tasks/$taskId" params={{ runId: run.id, taskId: id }}>
                {id}
              </Link>
            }
            aside={<CopyButton text={text} what={`the result of ${id}`} />}
          >
            <pre>{text}</pre>
          </Panel>
        );
      })}
    </div>
  );
}
