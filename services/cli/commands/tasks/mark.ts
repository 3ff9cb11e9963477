import { markTask } from "../../../dashboard/routes/mark-task.ts";
import { FINISH_OPTIONS, finishRun } from "../../client/finish-run.ts";
import { resolveRun } from "../../client/run-ref.ts";
import { required } from "../../frame/argument.ts";
import { ACT_OPTIONS, carryOut } from "../../frame/carry-out.ts";
import { defineCommand } from "../../frame/command.ts";
import { oneOf } from "../../input/one-of.ts";
import { RUN, TASK } from "../run-argument.ts";

export const mark = defineCommand({
  name: "mark",
  summary: "End a task as success, failed or skipped, so that what hangs on it goes on.",
  args: { run: RUN, task: TASK, state: required("success, failed or skipped") },
  options: { ...FINISH_OPTIONS, ...ACT_OPTIONS },
  async run({ args, options }, context) {
    const state = oneOf(args.state, ["success", "failed", "skipped"]);
    const api = await context.api();
    const runId = await resolveRun(api, args.run);
    const asked = { ...options, question: `Mark ${args.task} of ${runId} as ${state}?` };
    const reply = await carryOut(context, api, markTask, { params: { runId, taskId: args.task }, body: { state } }, asked);
    if (reply === undefined) return;
    context.io.say(`${runId}: ${args.task} will be ${state}`);
    return finishRun(context, api, runId, options, reply.act?.id);
  },
});
