import assert from "node:assert/strict";
import fc from "fast-check";
import { SharedMap } from "#core/shared-map.ts";

/** Few keys, so that they meet; and two whose FNV-1a hashes are the same ("costarring" and "liquid"). */
const anyKey = fc.oneof(fc.constantFrom("a", "b", "load@1", "load@10", "costarring", "liquid"), fc.string({ maxLength: 4 }));
const anyChanges = fc.array(fc.array(fc.tuple(anyKey, fc.nat(9)), { maxLength: 60 }), { maxLength: 12 });

describe("SharedMap", () => {
  it("holds what a Map holds, whatever is put into it", () => {
    fc.assert(
      fc.property(anyChanges, changes => {
        const plain = new Map<string, number>();
        let shared: SharedMap<number> = SharedMap.EMPTY;
        for (const some of changes) {
          for (const [key, value] of some) plain.set(key, value);
          shared = shared.with(new Map(some));
          assert.equal(shared.size, plain.size);
        }
        for (const [key, value] of plain) assert.equal(shared.get(key), value);
        assert.deepEqual([...shared].sort(), [...plain].sort());
        assert.deepEqual([...shared.keys()].sort(), [...plain.keys()].sort());
        assert.equal(shared.get("never put in"), undefined);
        assert.equal(shared.has("never put in"), false);
      }),
    );
  });

  it("leaves the map that it was made from as it was", () => {
    const before = SharedMap.of(new Map([["a", 1]]));
    before.with(
      new Map([
        ["a", 2],
        ["b", 3],
      ]),
    );
    assert.deepEqual([...before], [["a", 1]]);
  });

  it("shares what stayed the same", () => {
    const before = SharedMap.of(new Map(Array.from({ length: 10_000 }, (_, i) => [`task${i}`, i])));
    const after = before.with(new Map([["task7", 0]]));
    const rows = (map: SharedMap<number>) => ("children" in map.root ? map.root.children : []);
    assert.equal(rows(after).filter((row, i) => row !== rows(before)[i]).length, 1);
  });
});
