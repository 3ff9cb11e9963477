import { CLEAR_OPTIONS, clearAndFollow } from "../../client/clear-run.ts";
import { FINISH_OPTIONS } from "../../client/finish-run.ts";
import { some } from "../../frame/argument.ts";
import { defineCommand } from "../../frame/command.ts";
import { RUN } from "../run-argument.ts";

export const clear = defineCommand({
  name: "clear",
  summary: "Set tasks back, so that they run again.",
  args: { run: RUN, tasks: some("the tasks' ids; load@3 is one instance of a mapped task", { complete: "task" }) },
  options: { ...CLEAR_OPTIONS, ...FINISH_OPTIONS },
  examples: ["windlass tasks clear @latest load --downstream -y --watch"],
  run: ({ args, options }, context) => clearAndFollow(context, args.run, { ...options, tasks: args.tasks }),
});
