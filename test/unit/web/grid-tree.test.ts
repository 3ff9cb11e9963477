import assert from "node:assert/strict";
import { gridLines } from "../../../services/dashboard/web/grid/grid-tree.ts";
import { worstCell } from "../../../services/dashboard/web/grid/worst-cell.ts";

const tasks = ["start", "extract.orders.fetch", "extract.users", "load", "extract.orders.check"].map(id => ({ id }));
const draw = (isOpen: (group: string) => boolean, isShown: (id: string) => boolean = () => true) =>
  gridLines(tasks, { isOpen, isShown: ({ id }) => isShown(id) }).map(line =>
    line.kind === "group"
      ? `${" ".repeat(line.depth)}${line.isOpen ? "-" : "+"} ${line.name} ${line.places.join(",")}`
      : `${" ".repeat(line.depth)}${line.name} ${line.place}`,
  );

describe("gridLines", () => {
  it("stands a group where its first task does, with all of its tasks below", () =>
    assert.deepEqual(
      draw(() => true),
      ["start 0", "- extract 1,2,4", " - orders 1,4", "  fetch 1", "  check 4", " users 2", "load 3"],
    ));
  it("leaves out what is in a shut group", () =>
    assert.deepEqual(
      draw(group => group === "extract"),
      ["start 0", "- extract 1,2,4", " + orders 1,4", " users 2", "load 3"],
    ));
  it("shows only what is asked for, with its groups", () =>
    assert.deepEqual(
      draw(
        () => true,
        id => id.includes("fetch"),
      ),
      ["- extract 1", " - orders 1", "  fetch 1"],
    ));
});

describe("worstCell", () => {
  const table: readonly (readonly [cells: string, places: readonly number[], expected: string])[] = [
    ["ssss", [0, 1], "s"],
    ["ssfu", [0, 1, 2, 3], "f"],
    ["srks", [0, 1, 2], "r"],
    ["sSks", [0, 1], "s"],
    ["--", [0, 1], "-"],
    ["-s", [0, 1], "s"],
  ];
  for (const [cells, places, expected] of table)
    it(`${cells} at ${places}: ${expected}`, () => assert.equal(worstCell(cells, places), expected));
});
