import { WindlassError } from "#core/errors.ts";
import { required } from "../frame/argument.ts";
import { defineCommand } from "../frame/command.ts";
import { EXIT } from "../frame/exit-code.ts";
import { flag, text } from "../frame/option.ts";

export const importAirflowCommand = defineCommand({
  name: "import-airflow",
  summary: "Turn an Airflow DAG file into a DAG file of Windlass.",
  details:
    "The file is read with Python's own parser and not run. What has no counterpart, or is known only when Python runs, is said at the top of the new file and on standard error. docs/how-to/migrate-from-airflow.md tells more.",
  args: { file: required("the Airflow DAG file", { complete: "file" }) },
  options: {
    out: text("--out <file>", "where the DAG file goes; by default to standard output"),
    force: flag("-f, --force", "replace a file that is there"),
  },
  examples: ["windlass import-airflow airflow/dags/etl.py --out dags/etl.ts"],
  async run({ args, options }, { io, signal, show }) {
    const [{ importAirflow }, { checkDagText }, { writeFile }] = await Promise.all([
      import("../airflow/import-airflow.ts"),
      import("../airflow/check-dag-text.ts"),
      import("node:fs/promises"),
    ]);
    const made = await importAirflow(args.file, { signal });
    const mistake = await checkDagText(made.text, signal);
    for (const { line, text } of made.notes) io.say(`${args.file}:${line}: ${text}`);
    if (options.out === undefined) await io.out(made.text);
    else {
      const { out, force } = options;
      await writeFile(out, made.text, { flag: force ? "w" : "wx" }).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code !== "EEXIST") throw cause;
        throw new WindlassError("WL_CLI_USAGE", `${out} is there already: replace it with --force`, { cause });
      });
      await show({
        data: { file: options.out, dags: made.dagIds, notes: made.notes },
        rows: made.dagIds,
        columns: [],
        name: id => id,
        lines: [`${options.out}: ${made.dagIds.join(", ")}; ${made.notes.length} notes`],
      });
    }
    if (mistake === undefined) return EXIT.ok;
    io.say(`error: the new file has a mistake to be corrected by hand: ${mistake}`);
    return EXIT.failed;
  },
});
