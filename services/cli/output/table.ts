import { type Colour, paint, plain } from "./colours.ts";

export interface Column<Row> {
  title: string;
  /** undefined: there is none, shown as "-". */
  cell(row: Row): string | number | undefined;
  /** Only with -o wide. */
  wide?: boolean;
  colour?(row: Row): Colour | undefined;
}

const GAP = "  ";

/** Columns under their titles, as wide as their longest cell; the same on a terminal and in a pipe, but for the colours. */
export function renderTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { wide, colours }: { wide: boolean; colours: boolean },
): string[] {
  const shown = columns.filter(column => wide || !column.wide);
  const cells = rows.map(row => shown.map(column => plain(String(column.cell(row) ?? "-"))));
  const widths = shown.map(({ title }, at) => Math.max(title.length, ...cells.map(line => line[at]!.length)));
  // Nothing behind the last cell: a line that is copied or compared has no blanks at its end.
  const pad = (text: string, at: number) => (at === shown.length - 1 ? "" : " ".repeat(widths[at]! - text.length));
  const head = shown.map(({ title }, at) => title + pad(title, at)).join(GAP);
  const body = cells.map((line, row) =>
    line
      .map((cell, at) => {
        const colour = colours ? shown[at]!.colour?.(rows[row]!) : undefined;
        return (colour === undefined ? cell : paint(cell, colour)) + pad(cell, at);
      })
      .join(GAP),
  );
  return [colours ? paint(head, "bold") : head, ...body];
}
