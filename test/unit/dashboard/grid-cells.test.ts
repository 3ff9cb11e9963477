import assert from "node:assert/strict";
import { cellOf, packCells, readCell, unpackCells } from "#contract/grid-cells.ts";
import { TASK_STATES } from "#core/run.ts";
import { drawCells, gridRows, inRows } from "../../../services/dashboard/grid/grid-rows.ts";

describe("grid cells", () => {
  it("gives each state a letter of its own, which says it again", () => {
    assert.equal(new Set(TASK_STATES.map(state => cellOf(state, 1))).size, TASK_STATES.length);
    for (const state of TASK_STATES)
      for (const tries of [0, 1, 2]) assert.deepEqual(readCell(cellOf(state, tries)), { state, retried: tries > 1 });
    assert.equal(readCell("-"), undefined);
  });

  for (const cells of ["", "s", "ssss", "sSsS", `${"s".repeat(4_998)}fu`, "--ss--"]) {
    it(`packs ${cells.length > 20 ? `${cells.length} letters` : `"${cells}"`} and gives them back`, () => {
      assert.equal(unpackCells(packCells(cells)), cells);
      assert.ok(packCells(cells).length <= cells.length);
    });
  }
});

const dag = (...ids: string[]) => ({ tasks: ids.map(id => ({ id })) }) as unknown as Parameters<typeof gridRows>[0];

describe("grid rows", () => {
  it("has the newest version's tasks and then those that only others have", () =>
    assert.deepEqual(gridRows(dag("a", "c"), [dag("a", "b"), dag("a", "c")]), [
      { id: "a" },
      { id: "c" },
      { id: "b", removed: true },
    ]));

  it("puts a run of an older version in the order of the rows", () => {
    const old = dag("b", "a");
    const drawn = drawCells(
      old,
      new Map([
        ["a", { state: "failed", try: 2 }],
        ["b", { state: "success", try: 1 }],
      ]),
    );
    assert.equal(drawn, "sF");
    assert.equal(inRows(drawn, old, gridRows(dag("a", "c"), [old])), "F-s");
  });

  it("takes a task without a record for one that has not begun", () => assert.equal(drawCells(dag("a", "b"), new Map()), "n2"));
});
