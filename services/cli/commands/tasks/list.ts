import type { TaskReply } from "#contract/run.ts";
import { formatDuration } from "#core/duration.ts";
import { showRun } from "../../../dashboard/routes/show-run.ts";
import { resolveRun } from "../../client/run-ref.ts";
import { defineCommand } from "../../frame/command.ts";
import { text } from "../../frame/option.ts";
import { outcomeText } from "../../output/describe-task.ts";
import { lengthMs, shortInstant } from "../../output/short-instant.ts";
import type { Column } from "../../output/table.ts";
import { stateColour } from "../../output/task-mark.ts";
import { RUN } from "../run-argument.ts";

export const list = defineCommand({
  name: "list",
  summary: "List the tasks of a run.",
  args: { run: RUN },
  options: { state: text("--state <states>", "only tasks in these states: failed,running") },
  async run({ args, options: { state } }, context) {
    const api = await context.api();
    const run = await api.call(showRun, { params: { runId: await resolveRun(api, args.run) } });
    const states = state?.split(",");
    const tasks = run.tasks.filter(task => states?.includes(task.state) ?? true);
    const columns = columnsAt(context.now());
    await context.show({ data: tasks, rows: tasks, columns, name: task => task.id, empty: "There are no such tasks." });
  },
});

const columnsAt = (now: number): readonly Column<TaskReply>[] => [
  { title: "TASK", cell: task => task.id },
  { title: "STATE", cell: task => task.state, colour: task => stateColour(task.state) },
  { title: "TRY", cell: task => (task.try === 0 ? undefined : `${task.try}/${task.maxTries}`) },
  {
    title: "TOOK",
    cell: task => {
      const ms = lengthMs(task.startedAt, task.endedAt, now);
      return ms === undefined ? undefined : formatDuration(ms);
    },
  },
  { title: "OUTCOME", cell: task => task.outcome && outcomeText(task.outcome) },
  { title: "STARTED", cell: task => shortInstant(task.startedAt), wide: true },
  { title: "POD", cell: task => task.pod?.name, wide: true },
  { title: "NODE", cell: task => task.pod?.node, wide: true },
  { title: "WORKER", cell: task => task.worker, wide: true },
];
