import assert from "node:assert/strict";
import fc from "fast-check";
import { cursorOf, placeOf } from "../../../../services/dashboard/http/cursor.ts";
import { pageOf, sortableNumber } from "../../../../services/dashboard/http/page-of.ts";

const own = (text: string): string => text;

describe("pageOf", () => {
  it("shows every item once, in order, whatever the pages", () => {
    const lists = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 30 });
    fc.assert(
      fc.property(lists, fc.integer({ min: 1, max: 7 }), fc.boolean(), (items, limit, backwards) => {
        const seen: string[] = [];
        for (let cursor: string | undefined, more = true; more; ) {
          const page = pageOf(items, { limit, cursor }, own, backwards);
          assert.ok(page.items.length <= limit);
          seen.push(...page.items);
          cursor = page.next;
          more = cursor !== undefined;
        }
        const sorted = [...items].sort((a, b) => (a < b ? -1 : 1));
        assert.deepEqual(seen, backwards ? sorted.reverse() : sorted);
      }),
    );
  });

  it("goes on behind an item that is gone, and shows what has come behind it", () => {
    const { next } = pageOf(["a", "b", "c"], { limit: 2 }, own);
    assert.deepEqual(pageOf(["a", "bb", "c"], { limit: 2, cursor: next }, own), { items: ["bb", "c"] });
  });

  it("sorts numbers as numbers", () => {
    assert.deepEqual(pageOf([10, 9, 100], { limit: 9 }, sortableNumber).items, [9, 10, 100]);
  });
});

describe("placeOf", () => {
  const isText = (place: unknown): place is string => typeof place === "string";
  it("reads what cursorOf wrote", () => assert.equal(placeOf(cursorOf("ä/b"), isText), "ä/b"));
  for (const cursor of ["", "!!!", "bm9uc2Vuc2U", cursorOf(7)])
    it(`refuses '${cursor}'`, () => assert.throws(() => placeOf(cursor, isText), { code: "WL_INPUT" }));
});
