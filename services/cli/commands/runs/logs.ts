import { showRun } from "../../../dashboard/routes/show-run.ts";
import { prefixed } from "../../client/finish-run.ts";
import { printRunLogs, RunLogs } from "../../client/run-logs.ts";
import { resolveRun } from "../../client/run-ref.ts";
import { watchRun } from "../../client/watch-run.ts";
import { optional } from "../../frame/argument.ts";
import { defineCommand } from "../../frame/command.ts";
import { flag, parsed } from "../../frame/option.ts";
import { wholeNumber } from "../../input/parse-number.ts";
import { RUN } from "../run-argument.ts";

export const logs = defineCommand({
  name: "logs",
  summary: "Write what the tasks of a run printed, each line behind its task.",
  args: { run: RUN, task: optional("only this task", { complete: "task" }) },
  options: {
    follow: flag("-f, --follow", "go on until the run has ended"),
    timestamps: flag("--timestamps", "each line's instant in front of it"),
    tail: parsed("--tail <lines>", "only so many of each log's last lines", wholeNumber(0)),
  },
  examples: ["windlass runs logs @latest -f", "windlass runs logs etl@latest load --tail 20"],
  async run({ args, options: { follow, timestamps, tail } }, context) {
    const { signal } = context;
    const api = await context.api();
    const runId = await resolveRun(api, args.run);
    const options = { signal, timestamps, tail, taskId: args.task, print: prefixed(context) };
    if (!follow) return printRunLogs(api, await api.call(showRun, { params: { runId } }), options);
    const open = new RunLogs(api, options);
    await open.ended(
      await watchRun(api, runId, { signal, onChange: run => open.update(run), say: line => context.io.say(line) }),
    );
  },
});
