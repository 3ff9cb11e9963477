import { showRun } from "../../../dashboard/routes/show-run.ts";
import { resolveRun } from "../../client/run-ref.ts";
import { defineCommand } from "../../frame/command.ts";
import { renderRunTree } from "../../output/run-tree.ts";
import { RUN } from "../run-argument.ts";

export const get = defineCommand({
  name: "get",
  summary: "Show a run and its tasks as a tree.",
  args: { run: RUN },
  options: {},
  examples: ["windlass runs get @latest", "windlass runs get etl@latest -o json"],
  async run({ args }, context) {
    const { io, now } = context;
    const api = await context.api();
    const run = await api.call(showRun, { params: { runId: await resolveRun(api, args.run) } });
    const conf = Object.keys(run.conf).length === 0 ? [] : [`params  ${JSON.stringify(run.conf)}`];
    const remark = run.remark === undefined ? [] : [`note    ${run.remark.text} (${run.remark.by})`];
    const lines = [
      ...renderRunTree(run, { now: now(), maxRows: Number.POSITIVE_INFINITY, colours: io.colours }),
      ...conf,
      ...remark,
    ];
    await context.show({ data: run, rows: [run], columns: [], name: row => row.id, lines });
  },
});
