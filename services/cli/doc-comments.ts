import { readFileSync } from "node:fs";
import { join } from "node:path";

const LIBS = join(import.meta.dirname, "../../libs");

const CONST = /^(?:export )?const (\w+)\b/;
const COMMENT = /^\s*\/\*\*(.*?)(\*\/)?$/;
const FIELD = /^\s+(\w+)\s*[:,(]/;

/**
 * What the doc comments over the fields of a file's constants say, by constant and field: "DagOptions.timezone". Editors show these comments
 * while a DAG is written; taking them from the source keeps the reference from saying anything else.
 * @param file below libs/
 */
export function docComments(file: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let owner = "";
  let comment: string[] | undefined;
  let isOpen = false;
  for (const line of readFileSync(join(LIBS, file), "utf8").split("\n")) {
    const begun: RegExpExecArray | null | undefined = isOpen ? undefined : COMMENT.exec(line);
    if (begun) {
      comment = [begun[1]!];
      isOpen = begun[2] === undefined;
    } else if (isOpen) {
      isOpen = !line.includes("*/");
      comment!.push(line.replace(/^\s*\*\/?/, "").replace(/\*\/$/, ""));
    } else {
      owner = CONST.exec(line)?.[1] ?? owner;
      const field = FIELD.exec(line)?.[1];
      if (comment !== undefined && field !== undefined) found.set(`${owner}.${field}`, textOf(comment));
      comment = undefined;
    }
  }
  return found;
}

const textOf = (lines: readonly string[]): string =>
  lines
    .map(line => line.trim())
    .join(" ")
    .trim()
    .replaceAll(/\{@link (\w+)\}/g, "`$1`");
