import { WindlassError } from "#core/errors.ts";
import { listLogs } from "../../../dashboard/routes/list-logs.ts";
import { followLog, readLog } from "../../client/follow-log.ts";
import { resolveRun } from "../../client/run-ref.ts";
import { defineCommand } from "../../frame/command.ts";
import { flag, parsed, text } from "../../frame/option.ts";
import { wholeNumber } from "../../input/parse-number.ts";
import { matchingLines } from "../../output/matching-lines.ts";
import { RUN, TASK } from "../run-argument.ts";

export const logs = defineCommand({
  name: "logs",
  summary: "Write what a task printed: its last try's main container, unless another is named.",
  args: { run: RUN, task: TASK },
  options: {
    follow: flag("-f, --follow", "go on until the try has ended"),
    try: parsed("--try <number>", "which try", wholeNumber(1)),
    container: text("-c, --container <name>", 'which container; "*" is all of them as one text'),
    tail: parsed("--tail <lines>", "only so many of the last lines", wholeNumber(0)),
    timestamps: flag("--timestamps", "each line's instant in front of it"),
    grep: parsed("--grep <pattern>", "only lines that match this regular expression", pattern),
    list: flag("--list", "list the logs there are"),
  },
  examples: ["windlass tasks logs @latest load -f", "windlass tasks logs etl@latest load --try 1 --grep ERROR"],
  async run({ args, options }, context) {
    const api = await context.api();
    const runId = await resolveRun(api, args.run);
    if (options.list) {
      const { logs: rows } = await api.call(listLogs, { params: { runId, taskId: args.task } });
      return context.show({
        data: rows,
        rows,
        columns: [
          { title: "TRY", cell: log => log.try },
          { title: "RESTART", cell: log => log.infra },
          { title: "CONTAINER", cell: log => log.container },
          { title: "BYTES", cell: log => log.sizeBytes },
          { title: "COMPLETE", cell: log => (log.ended ? "yes" : "no") },
        ],
        name: log => `${log.try}/${log.infra}/${log.container}`,
        empty: "Nothing was printed.",
      });
    }
    const log = { runId, taskId: args.task, try: options.try, container: options.container };
    const how = { timestamps: options.timestamps, tail: options.tail };
    const parts = options.follow ? followLog(api, log, { ...how, signal: context.signal }) : readLog(api, log, how);
    for await (const part of options.grep === undefined ? parts : matchingLines(parts, options.grep)) await context.io.out(part);
  },
});

function pattern(written: string): RegExp {
  try {
    return new RegExp(written);
  } catch (error) {
    throw new WindlassError("WL_CLI_USAGE", (error as Error).message);
  }
}
