import { listBackfills } from "../../../dashboard/routes/list-backfills.ts";
import { allPages, collect } from "../../client/all-pages.ts";
import { defineCommand } from "../../frame/command.ts";
import { parsed, text, withDefault } from "../../frame/option.ts";
import { wholeNumber } from "../../input/parse-number.ts";
import { showBackfills } from "../show-backfills.ts";

export const list = defineCommand({
  name: "list",
  summary: "List the backfills, the youngest first.",
  args: {},
  options: {
    dag: text("--dag <id>", "only those of this DAG", { complete: "dag" }),
    limit: withDefault(parsed("-n, --limit <number>", "how many", wholeNumber(1)), 50),
  },
  async run({ options: { dag, limit } }, context) {
    const api = await context.api();
    const pages = allPages(api, listBackfills);
    const found = await collect(pages, page => page.backfills.filter(one => dag === undefined || one.dagId === dag), limit);
    await showBackfills(found, context);
  },
});
