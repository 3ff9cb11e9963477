import assert from "node:assert/strict";
import fc from "fast-check";
import { AssetExpression } from "#core/asset.ts";
import { type AssetUpdate, assetsOf, holds, updatesThatAsk } from "#core/asset-update.ts";

const update = (asset: string, number: number): AssetUpdate => ({ asset, id: `${asset}-${number}`, number, at: number });

describe("holds", () => {
  const table: readonly (readonly [expression: AssetExpression, updated: string, expected: boolean])[] = [
    ["a", "", false],
    ["a", "a", true],
    ["a", "b", false],
    [{ all: ["a", "b"] }, "a", false],
    [{ all: ["a", "b"] }, "ab", true],
    [{ any: ["a", "b"] }, "b", true],
    [{ any: ["a", "b"] }, "c", false],
    [{ all: ["a", { any: ["b", "c"] }] }, "ac", true],
    [{ all: ["a", { any: ["b", "c"] }] }, "bc", false],
    [{ any: [{ all: ["a", "b"] }, "c"] }, "c", true],
  ];
  for (const [expression, updated, expected] of table) {
    it(`${JSON.stringify(expression)} with [${updated}]: ${expected}`, () =>
      assert.equal(
        holds(expression, asset => updated.includes(asset)),
        expected,
      ));
  }

  const { expression } = fc.letrec<{ expression: AssetExpression }>(tie => ({
    expression: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom("a", "b", "c", "d"),
      fc.record({ all: fc.array(tie("expression"), { minLength: 1, maxLength: 3 }) }),
      fc.record({ any: fc.array(tie("expression"), { minLength: 1, maxLength: 3 }) }),
    ),
  }));

  it("holds with all of its assets, does not with none, and a further update never undoes it", () => {
    fc.assert(
      fc.property(expression, fc.subarray(["a", "b", "c", "d"]), fc.constantFrom("a", "b", "c", "d"), (given, updated, more) => {
        const read = AssetExpression.parse(given);
        assert.equal(
          holds(read, asset => assetsOf(read).includes(asset)),
          true,
        );
        assert.equal(
          holds(read, () => false),
          false,
        );
        const before = holds(read, asset => updated.includes(asset));
        const after = holds(read, asset => updated.includes(asset) || asset === more);
        assert.ok(!before || after);
      }),
    );
  });
});

describe("updatesThatAsk", () => {
  it("tells of all updates in their order, several of one asset together", () => {
    const since = new Map([
      ["a", [update("a", 1), update("a", 4)]],
      ["b", [update("b", 2)]],
    ]);
    const numbers = updatesThatAsk({ all: ["a", "b"] }, since)?.map(({ number }) => number);
    assert.deepEqual(numbers, [1, 2, 4]);
  });
  it("asks for nothing while the expression does not hold", () => {
    assert.equal(updatesThatAsk({ all: ["a", "b"] }, new Map([["a", [update("a", 1)]]])), undefined);
  });
  it("tells of the last twenty of one asset", () => {
    const many = Array.from({ length: 50 }, (_, i) => update("a", i));
    assert.deepEqual(updatesThatAsk("a", new Map([["a", many]])), many.slice(-20));
  });
});
