import assert from "node:assert/strict";
import { edgePath } from "../../../services/dashboard/web/graph/edge-path.ts";
import { neighbour } from "../../../services/dashboard/web/graph/neighbour.ts";
import { firstView, pan, wholeView, zoom } from "../../../services/dashboard/web/graph/viewport.ts";

const frame = { width: 1_000, height: 500 };

describe("viewport", () => {
  it("shows a small drawing whole, in the middle, no larger than it is", () =>
    assert.deepEqual(wholeView({ width: 400, height: 100 }, frame), { scale: 1, x: -300, y: -200 }));

  it("opens a large one where it is of interest, at a size that can be read", () => {
    const view = firstView({ width: 20_000, height: 9_000 }, frame, { x: 5_000, y: 4_000 });
    assert.ok(view.scale >= 0.7);
    assert.deepEqual(
      [view.x + frame.width / 2 / view.scale, view.y + frame.height / 2 / view.scale].map(Math.round),
      [5_000, 4_000],
    );
  });

  it("keeps the point under the mouse where it is while zooming", () => {
    const before = { x: 10, y: 20, scale: 1 };
    const after = zoom(before, 1.5, { x: 300, y: 200 });
    assert.equal(after.x + 300 / after.scale, before.x + 300);
    assert.equal(after.y + 200 / after.scale, before.y + 200);
  });

  it("moves by pixels of the frame", () =>
    assert.deepEqual(pan({ x: 0, y: 0, scale: 0.5 }, 10, -20), { x: -20, y: 40, scale: 0.5 }));
});

describe("edgePath", () => {
  it("goes straight along two points", () => assert.equal(edgePath([0, 0, 100, 0]), "M0 0L100 0"));
  it("rounds a corner", () => assert.equal(edgePath([0, 0, 50, 0, 50, 100]), "M0 0L43 0Q50 0 50 7L50 100"));
  it("draws nothing along one point", () => assert.equal(edgePath([1, 1]), ""));
});

describe("neighbour", () => {
  const node = (id: string, x: number, y: number) => ({ id, x, y, width: 100, height: 40 });
  const nodes = [node("a", 0, 100), node("b", 200, 0), node("c", 200, 100), node("d", 400, 100)];
  const table: readonly (readonly [from: number, key: string, expected: string | undefined])[] = [
    [0, "ArrowRight", "c"],
    [2, "ArrowUp", "b"],
    [1, "ArrowDown", "c"],
    [3, "ArrowLeft", "c"],
    [0, "ArrowLeft", undefined],
    [0, "Enter", undefined],
  ];
  for (const [from, key, expected] of table)
    it(`${key} from ${nodes[from]!.id}`, () => assert.equal(neighbour(nodes, nodes[from]!, key)?.id, expected));
});
