import { CLEAR_OPTIONS, clearAndFollow } from "../../client/clear-run.ts";
import { FINISH_OPTIONS } from "../../client/finish-run.ts";
import { defineCommand } from "../../frame/command.ts";
import { list } from "../../frame/option.ts";
import { RUN } from "../run-argument.ts";

export const clear = defineCommand({
  name: "clear",
  summary: "Set tasks of a run back, so that they run again; all of them unless some are named.",
  args: { run: RUN },
  options: {
    task: list("-t, --task <id>", "only this task; may be given more than once", { complete: "task" }),
    ...CLEAR_OPTIONS,
    ...FINISH_OPTIONS,
  },
  examples: ["windlass runs clear @latest --task load --downstream", "windlass runs clear etl@latest --failed --dry-run"],
  run: ({ args, options }, context) => clearAndFollow(context, args.run, { ...options, tasks: options.task }),
});

export const retry = defineCommand({
  name: "retry",
  summary: "Run again what has failed in a run, and what failed because of it.",
  args: { run: RUN },
  options: { newest: CLEAR_OPTIONS.newest, dryRun: CLEAR_OPTIONS.dryRun, ...FINISH_OPTIONS },
  examples: ["windlass runs retry @latest --watch"],
  run: ({ args, options }, context) =>
    clearAndFollow(context, args.run, { ...options, failed: true, yes: true, tasks: [], upstream: false, downstream: false }),
});
