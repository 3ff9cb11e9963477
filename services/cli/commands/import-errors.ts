import { listImportErrors } from "../../dashboard/routes/list-import-errors.ts";
import { allPages, collect } from "../client/all-pages.ts";
import { defineCommand } from "../frame/command.ts";
import { EXIT } from "../frame/exit-code.ts";

export const importErrorsCommand = defineCommand({
  name: "import-errors",
  summary: "List the DAG files that the server could not load, and why.",
  details: "Exits with 1 when there are some.",
  args: {},
  options: {},
  async run(_input, context) {
    const api = await context.api();
    const errors = await collect(allPages(api, listImportErrors), page => page.importErrors);
    const lines = errors.flatMap(({ file, line, code, message, next }) => [
      `${file}:${line ?? 1}: ${code}: ${message}`,
      ...(next === undefined ? [] : [`  ${next}`]),
    ]);
    if (errors.length === 0) context.io.say("Every DAG file was loaded.");
    await context.show({ data: errors, rows: errors, columns: [], name: ({ file }) => file, lines });
    return errors.length === 0 ? EXIT.ok : EXIT.failed;
  },
});
