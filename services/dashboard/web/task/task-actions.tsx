import { Gavel } from "lucide-react";
import type { TaskReply } from "#contract/run.ts";
import { ActButton } from "../acts/act-button.tsx";
import { ActMenu } from "../acts/act-menu.tsx";
import { askForTasks, askToApprove } from "../acts/opened.ts";
import { TASK_ACTS, type TaskSubject } from "../acts/task-acts.ts";
import { useMay } from "../live/me.ts";
import { Button } from "../ui/button.tsx";

const ACTS = Object.values(TASK_ACTS);
const WAITS: ReadonlySet<string> = new Set(["up_for_retry", "restarting"]);
const ENDED_BADLY: ReadonlySet<string> = new Set(["failed", "upstream_failed", "cancelled"]);

/** What can be done to a task: at first what it most likely needs. */
export function TaskActions({ runId, task, small = false }: { runId: string; task: TaskReply; small?: boolean }) {
  const subject: TaskSubject = { runId, taskId: task.id, state: task.state };
  const mayAct = useMay("operator");
  const asks = task.operator === "approval" && task.state === "deferred";
  const first = WAITS.has(task.state) ? TASK_ACTS.retryNow : ENDED_BADLY.has(task.state) ? TASK_ACTS.clear : undefined;
  return (
    <>
      {mayAct && asks && (
        <Button kind="primary" small={small} icon={Gavel} onClick={() => askToApprove(runId, task.id)}>
          Decide
        </Button>
      )}
      {first !== undefined && (
        <ActButton act={first} subject={subject} small={small} onAct={act => askForTasks(act, [subject])} />
      )}
      <ActMenu acts={ACTS} subjects={[subject]} small={small} onAct={act => askForTasks(act, [subject])} />
    </>
  );
}
