import { optional } from "../frame/argument.ts";
import { defineCommand } from "../frame/command.ts";
import { text } from "../frame/option.ts";

export const initCommand = defineCommand({
  name: "init",
  summary: "Write a project: a DAG, its test, types, compose file and CI workflow.",
  args: { dir: optional("the folder; by default this one", { complete: "file" }) },
  options: {
    windlass: text(
      "--windlass <spec>",
      "what package.json names as Windlass; by default this version, for a checkout file:../windlass",
    ),
  },
  examples: ["windlass init pipelines && cd pipelines && npm install && npm test"],
  async run({ args, options }, { show }) {
    const { initProject } = await import("../init/init-project.ts");
    const dir = args.dir ?? ".";
    const files = await initProject({ dir, windlass: options.windlass });
    const go = dir === "." ? "" : `cd ${dir} && `;
    await show({
      data: { dir, files },
      rows: files,
      columns: [],
      name: file => file,
      lines: [...files.map(file => `  ${file}`), "", `Next:  ${go}npm install && npm test`],
    });
  },
});
