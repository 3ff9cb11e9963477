import { some } from "../../frame/argument.ts";
import { defineCommand } from "../../frame/command.ts";
import { EXIT } from "../../frame/exit-code.ts";

export const validate = defineCommand({
  name: "validate",
  summary: "Read DAG files without a server, and list their mistakes with file, line and rule.",
  details: "Exits with 1 when there is a mistake. Folders are searched for DAG files.",
  args: { paths: some("files and folders", { complete: "file" }) },
  options: {},
  examples: ["windlass dags validate dags/", "windlass dags validate dags/ -o json | jq -r '.problems[].rule'"],
  async run({ args: { paths } }, context) {
    const { lintDags } = await import("../../lint/lint-dags.ts");
    const report = await lintDags(paths, context.signal);
    const { problems, files, dags } = report;
    const lines = problems.flatMap(({ file, line, rule, message, next }) => [
      `${file}:${line ?? 1}: ${rule}: ${message}`,
      `  ${next}`,
    ]);
    await context.show({
      data: report,
      rows: problems,
      columns: [],
      name: ({ file, line, rule }) => `${file}:${line ?? 1}: ${rule}`,
      lines,
    });
    const count = (number: number, word: string) => `${number} ${word}${number === 1 ? "" : "s"}`;
    context.io.say(`${count(files, "file")}, ${count(dags.length, "DAG")}, ${count(problems.length, "mistake")}`);
    return problems.length === 0 ? EXIT.ok : EXIT.failed;
  },
});
