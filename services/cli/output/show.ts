import type { OutputFormat } from "../frame/context.ts";
import type { Io } from "./io.ts";
import { type Column, renderTable } from "./table.ts";

/** Something a command has to tell, in every form that a reader may want. */
export interface Shown<Row> {
  /** What json and yaml print; for a list the items themselves. */
  data: unknown;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  /** What `-o name` prints of a row. */
  name(row: Row): string;
  /** Instead of a table of nothing; goes to standard error. */
  empty?: string;
  /** What a person reads instead of the table. */
  lines?: readonly string[];
}

type Print = <Row>(shown: Shown<Row>, io: Io) => string | Promise<string>;

const asTable =
  (wide: boolean): Print =>
  (shown, io) => {
    if (shown.lines !== undefined) return text(shown.lines);
    if (shown.rows.length > 0) return text(renderTable(shown.rows, shown.columns, { wide, colours: io.colours }));
    if (shown.empty !== undefined) io.say(shown.empty);
    return "";
  };

const PRINT: Readonly<Record<OutputFormat, Print>> = {
  table: asTable(false),
  wide: asTable(true),
  json: ({ data }) => `${JSON.stringify(data, undefined, 2)}\n`,
  yaml: async ({ data }) => (await import("yaml")).stringify(data, { aliasDuplicateObjects: false, lineWidth: 0 }),
  name: ({ rows, name }) => text(rows.map(name)),
};

const text = (lines: readonly string[]): string => lines.map(line => `${line}\n`).join("");

export async function show<Row>(shown: Shown<Row>, format: OutputFormat, io: Io): Promise<void> {
  await io.out(await PRINT[format](shown as Shown<unknown>, io));
}
