import { listVariables } from "../../../dashboard/routes/list-variables.ts";
import { allPages, collect } from "../../client/all-pages.ts";
import { defineCommand } from "../../frame/command.ts";
import { shortInstant } from "../../output/short-instant.ts";

export const list = defineCommand({
  name: "list",
  summary: "List the variables that tasks can name.",
  args: {},
  options: {},
  async run(_input, context) {
    const api = await context.api();
    const rows = await collect(allPages(api, listVariables), page => page.variables);
    await context.show({
      data: rows,
      rows,
      columns: [
        { title: "VARIABLE", cell: row => row.name },
        { title: "VALUE", cell: row => short(JSON.stringify(row.value)) },
        { title: "VERSION", cell: row => row.version, wide: true },
        { title: "CHANGED", cell: row => shortInstant(row.at) },
        { title: "BY", cell: row => row.by },
      ],
      name: row => row.name,
      empty: "There are no variables.",
    });
  },
});

const MOST = 60;
const short = (text: string): string => (text.length <= MOST ? text : `${text.slice(0, MOST - 1)}…`);
