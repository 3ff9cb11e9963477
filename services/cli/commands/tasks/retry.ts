import { retryTask } from "../../../dashboard/routes/retry-task.ts";
import { stopRetrying } from "../../../dashboard/routes/stop-retrying.ts";
import { FINISH_OPTIONS, finishRun } from "../../client/finish-run.ts";
import { resolveRun } from "../../client/run-ref.ts";
import { carryOut, DRY_RUN } from "../../frame/carry-out.ts";
import { defineCommand } from "../../frame/command.ts";
import { RUN, TASK } from "../run-argument.ts";

const act = (name: string, summary: string, route: typeof retryTask | typeof stopRetrying, done: string) =>
  defineCommand({
    name,
    summary,
    args: { run: RUN, task: TASK },
    options: { ...FINISH_OPTIONS, ...DRY_RUN },
    async run({ args, options }, context) {
      const api = await context.api();
      const runId = await resolveRun(api, args.run);
      const reply = await carryOut(context, api, route, { params: { runId, taskId: args.task }, body: {} }, options);
      if (reply === undefined) return;
      context.io.say(`${runId}: ${args.task} ${done}`);
      return finishRun(context, api, runId, options, reply.act?.id);
    },
  });

export const retry = act(
  "retry",
  "Start a task's next try now; one that has failed for good is cleared.",
  retryTask,
  "is tried again",
);
export const stop = act("stop-retrying", "Let no further try of a task begin.", stopRetrying, "is not tried again");
