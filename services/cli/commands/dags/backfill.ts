import { WindlassError } from "#core/errors.ts";
import { startBackfill } from "../../../dashboard/routes/start-backfill.ts";
import type { ReplyOf } from "../../client/api-client.ts";
import { required } from "../../frame/argument.ts";
import { confirm } from "../../frame/carry-out.ts";
import { defineCommand } from "../../frame/command.ts";
import type { Context } from "../../frame/context.ts";
import { choice, flag, list, parsed, text, withDefault } from "../../frame/option.ts";
import { dateText } from "../../input/parse-instant.ts";
import { wholeNumber } from "../../input/parse-number.ts";
import { readParams } from "../../input/read-params.ts";
import { shortInstant } from "../../output/short-instant.ts";
import { showBackfills } from "../show-backfills.ts";

export const backfill = defineCommand({
  name: "backfill",
  summary: "Run a DAG for the ticks of a range that is over.",
  details:
    "Dates are wall time in the DAG's zone unless they say otherwise; -7d and now are understood. The plan is shown, then asked for.",
  args: { dag: required("the DAG's id", { complete: "dag" }) },
  options: {
    from: text("--from <time>", "the first logical date"),
    to: text("--to <time>", "the last logical date, included"),
    reprocess: withDefault(choice("--reprocess <what>", "of runs that exist", ["none", "failed", "all"]), "none"),
    order: withDefault(choice("--order <order>", "which runs come first", ["oldest", "newest"]), "oldest"),
    maxActiveRuns: withDefault(parsed("--max-active-runs <number>", "how many of its runs at once", wholeNumber(1)), 10),
    param: list("-p, --param <k=v>", "a parameter of the new runs"),
    paramsFile: text("-f, --params-file <file>", "parameters as a JSON object; - reads standard input", { complete: "file" }),
    dryRun: flag("--dry-run", "list what would be done"),
    yes: flag("-y, --yes", "do not ask"),
  },
  examples: [
    "windlass dags backfill etl --from 2026-11-01 --to 2026-11-07 --dry-run",
    "windlass dags backfill etl --from -7d --to now -y",
  ],
  async run({ args: { dag: dagId }, options }, context) {
    const { from, to, dryRun, yes, reprocess, order, maxActiveRuns } = options;
    if (from === undefined || to === undefined) throw new WindlassError("WL_CLI_USAGE", "a backfill needs --from and --to");
    const at = context.now();
    const conf = await readParams(options.param, options.paramsFile, context.io);
    const body = { dagId, from: dateText(from, at), until: dateText(to, at), reprocess, order, maxActiveRuns, conf };
    const api = await context.api();
    if (dryRun || !yes) {
      const { plan = [] } = await api.call(startBackfill, { body: { ...body, dryRun: true } });
      const work = plan.filter(({ action }) => action !== "leave").length;
      if (dryRun) return showPlan(plan, context);
      await confirm(context, `${work} of ${plan.length} ticks of ${dagId} will be run. Start?`);
    }
    const reply = await api.call(startBackfill, { body });
    if (reply.backfill !== undefined) await showBackfills([reply.backfill], context);
  },
});

type Plan = NonNullable<ReplyOf<typeof startBackfill>["plan"]>;

async function showPlan(plan: Plan, context: Context): Promise<void> {
  await context.show({
    data: plan,
    rows: plan,
    columns: [
      { title: "LOGICAL DATE", cell: run => shortInstant(run.logicalAt) },
      { title: "ACTION", cell: run => run.action },
      { title: "STATE", cell: run => run.state },
      { title: "RUN", cell: run => run.runId },
    ],
    name: run => run.runId,
    empty: "There is no tick in that range.",
  });
}
