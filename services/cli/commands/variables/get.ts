import { showVariable } from "../../../dashboard/routes/show-variable.ts";
import { required } from "../../frame/argument.ts";
import { defineCommand } from "../../frame/command.ts";
import { flag } from "../../frame/option.ts";
import { shortInstant } from "../../output/short-instant.ts";

export const get = defineCommand({
  name: "get",
  summary: "Write the value of a variable as JSON.",
  args: { variable: required("the variable's name", { complete: "variable" }) },
  options: { history: flag("--history", "list its last 20 changes instead") },
  async run({ args: { variable: name }, options: { history } }, context) {
    const api = await context.api();
    const reply = await api.call(showVariable, { params: { name } });
    if (!history) {
      const lines = [JSON.stringify(reply.value)];
      return context.show({ data: reply, rows: [reply], columns: [], name: row => row.name, lines });
    }
    await context.show({
      data: reply.versions,
      rows: reply.versions,
      columns: [
        { title: "VERSION", cell: row => row.version },
        { title: "CHANGED", cell: row => shortInstant(row.at) },
        { title: "BY", cell: row => row.by },
        { title: "VALUE", cell: row => (row.value === undefined ? "removed" : JSON.stringify(row.value)) },
      ],
      name: row => String(row.version),
    });
  },
});
