import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { type Column, renderTable } from "../../../services/cli/output/table.ts";

interface Row {
  name: string;
  count?: number;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: "NAME", cell: row => row.name, colour: () => "green" },
  { title: "COUNT", cell: row => row.count },
  { title: "MORE", cell: () => "x", wide: true },
];
const ROWS: readonly Row[] = [{ name: "a" }, { name: "longer", count: 5 }];

describe("renderTable", () => {
  it("has columns as wide as they need, and no blanks at the end", () => {
    assert.deepEqual(renderTable(ROWS, COLUMNS, { wide: false, colours: false }), ["NAME    COUNT", "a       -", "longer  5"]);
  });

  it("has more columns when it may be wide", () => {
    assert.equal(renderTable(ROWS, COLUMNS, { wide: true, colours: false })[0], "NAME    COUNT  MORE");
  });

  it("is the same with colours, but for the colours", () => {
    const coloured = renderTable(ROWS, COLUMNS, { wide: false, colours: true });
    assert.notEqual(coloured.join(""), coloured.map(stripVTControlCharacters).join(""));
    assert.deepEqual(coloured.map(stripVTControlCharacters), renderTable(ROWS, COLUMNS, { wide: false, colours: false }));
  });

  it("lets no text steer the terminal or begin a line", () => {
    const [, line] = renderTable([{ name: "a\u001b[2J\nb" }], COLUMNS, { wide: false, colours: false });
    assert.equal(line, "a [2J b  -");
  });
});
