import { whyTask } from "../../../dashboard/routes/why-task.ts";
import { resolveRun } from "../../client/run-ref.ts";
import { defineCommand } from "../../frame/command.ts";
import { RUN, TASK } from "../run-argument.ts";

export const why = defineCommand({
  name: "why",
  summary: "Say why a task runs or does not: every condition that is not met, with its values.",
  args: { run: RUN, task: TASK },
  options: {},
  async run({ args }, context) {
    const api = await context.api();
    const runId = await resolveRun(api, args.run);
    const { reasons } = await api.call(whyTask, { params: { runId, taskId: args.task } });
    await context.show({
      data: reasons,
      rows: reasons,
      columns: [
        { title: "REASON", cell: reason => reason.code },
        { title: "SENTENCE", cell: reason => reason.sentence },
      ],
      name: reason => reason.code,
    });
  },
});
