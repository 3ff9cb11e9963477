import assert from "node:assert/strict";
import fc from "fast-check";
import { packRows, unpackRows } from "#state/archive/pack-rows.ts";

const through = async (rows: object[]): Promise<unknown> =>
  unpackRows(JSON.parse(JSON.stringify(await packRows(rows as never, () => undefined))));

const ROWS: readonly [string, object[]][] = [
  ["no rows", []],
  ["an empty row", [{}]],
  ["different fields", [{ a: 1 }, { b: "x" }, { a: 2 }, { a: 3, b: "y" }]],
  [
    "the order of fields",
    [
      { a: 1, b: 2 },
      { b: 3, a: 4 },
    ],
  ],
  ["nested fields", [{ pod: { name: "a", meta: { uid: "u" } } }, { pod: { name: "b", meta: { uid: "v" } } }]],
  ["empty objects and lists", [{ a: {}, b: [], c: [{ d: 1 }] }]],
  ["names with the joint in them", [{ a: { "b\nc": 1 } }, { a: { b: { c: 2 } } }]],
  ["a field named __proto__", [JSON.parse('{"__proto__": {"a": 1}, "b": 2}')]],
  [
    "instants",
    [
      { at: 1_000, endedAt: 1_500 },
      { at: 900, endedAt: 4_000 },
    ],
  ],
  [
    "instants that are none",
    [
      { at: "soon", endedAt: 4 },
      { at: 5, endedAt: 6 },
    ],
  ],
  ["uids", [{ uid: "2b1f7c6e-0f3c-4c1d-8b7a-5e9d0a6c3f2e" }, { uid: "00000000-0000-4000-8000-000000000000" }]],
  ["numbered names", [{ id: "load@0" }, { id: "load@10" }, { id: "load@2" }]],
  ["names that are numbered otherwise", [{ id: "load-01" }, { id: "load-10" }, { id: "7" }]],
  ["numbers that no sum keeps", [{ a: Number.MAX_SAFE_INTEGER }, { a: Number.MIN_SAFE_INTEGER }, { a: 0.1 }, { a: 1e300 }]],
  [
    "large instants",
    [
      { at: Number.MAX_SAFE_INTEGER, endedAt: Number.MIN_SAFE_INTEGER },
      { at: 2 ** 51, endedAt: -(2 ** 51) },
    ],
  ],
];

describe("packRows", () => {
  for (const [what, rows] of ROWS) {
    it(`gives back ${what}`, async () => {
      const back = await through(rows);
      assert.deepEqual(back, rows);
      assert.equal(JSON.stringify(back), JSON.stringify(rows), "in the same order of fields");
    });
  }

  it("leaves undefined fields out", async () => assert.deepEqual(await through([{ a: undefined, b: 1 }]), [{ b: 1 }]));

  it("gives back whatever JSON can hold", async () => {
    const name = fc.oneof(fc.constantFrom("at", "endedAt", "id", "uid", "pod", "\n", "__proto__"), fc.string());
    const row = fc.dictionary(name, fc.jsonValue(), { noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(fc.array(row), async rows => {
        const json = JSON.stringify(rows);
        assert.equal(JSON.stringify(await through(JSON.parse(json) as object[])), json);
      }),
    );
  });
});
