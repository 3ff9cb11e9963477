import { decideApproval } from "../../../dashboard/routes/decide-approval.ts";
import { resolveRun } from "../../client/run-ref.ts";
import { required } from "../../frame/argument.ts";
import { carryOut, DRY_RUN } from "../../frame/carry-out.ts";
import { defineCommand } from "../../frame/command.ts";
import { text } from "../../frame/option.ts";
import { RUN, TASK } from "../run-argument.ts";

export const answer = defineCommand({
  name: "answer",
  summary: "Answer the question of an approval.",
  args: { run: RUN, task: TASK, answer: required("approve, reject, or one of the task's options") },
  options: { note: text("--note <text>", "why; shown with the decision"), ...DRY_RUN },
  async run({ args, options }, context) {
    const api = await context.api();
    const runId = await resolveRun(api, args.run);
    const body = { answer: args.answer, ...(options.note === undefined ? {} : { note: options.note }) };
    const reply = await carryOut(context, api, decideApproval, { params: { runId, taskId: args.task }, body }, options);
    if (reply !== undefined) context.io.say(`${runId}: ${args.task} was answered '${reply.answer}' by ${reply.by}`);
  },
});
