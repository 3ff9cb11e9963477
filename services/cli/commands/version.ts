import { version } from "#runtime/version.ts";
import { defineCommand } from "../frame/command.ts";

export const versionCommand = defineCommand({
  name: "version",
  summary: "Print the version of this client.",
  args: {},
  options: {},
  async run(_input, { show }) {
    const data = { windlass: version, node: process.version };
    await show({
      data,
      rows: [data],
      columns: [
        { title: "WINDLASS", cell: row => row.windlass },
        { title: "NODE", cell: row => row.node },
      ],
      name: row => row.windlass,
    });
  },
});
