import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { contentHash, hash01, hash32 } from "#core/hash.ts";

describe("contentHash", () => {
  it("is the SHA-256 of the JSON with sorted keys", () => {
    const expected = createHash("sha256").update('{"a":[1,"x",null],"b":{"c":true}}').digest("hex");
    assert.equal(contentHash({ b: { c: true }, a: [1, "x", null] }), expected);
  });

  const same: readonly (readonly [name: string, a: unknown, b: unknown, equal: boolean])[] = [
    ["order of keys", { a: 1, b: 2 }, { b: 2, a: 1 }, true],
    ["undefined is not there", { a: 1, b: undefined }, { a: 1 }, true],
    ["null is there", { a: null }, {}, false],
    ["order of a list", [1, 2], [2, 1], false],
    ["number and text", { a: 1 }, { a: "1" }, false],
    ["nesting", { a: { b: 1 } }, { a: { b: 1, c: 1 } }, false],
  ];
  for (const [name, a, b, equal] of same) it(name, () => assert.equal(contentHash(a) === contentHash(b), equal));

  it("survives a journey as JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => assert.equal(contentHash(JSON.parse(JSON.stringify(value))), contentHash(value))),
    );
  });
});

describe("hash32", () => {
  it("is base32 of the SHA-256, most significant bits first", () => {
    const bits = [...createHash("sha256").update("text").digest()].map(byte => byte.toString(2).padStart(8, "0")).join("");
    const expected = Array.from(
      { length: 10 },
      (_, index) => "abcdefghijklmnopqrstuvwxyz234567"[Number.parseInt(bits.slice(index * 5, index * 5 + 5), 2)],
    );
    assert.equal(hash32("text"), expected.join(""));
  });

  it("has the length that was asked for", () => {
    for (const length of [1, 5, 10, 26]) assert.match(hash32("x", length), new RegExp(`^[a-z2-7]{${length}}$`));
  });
});

describe("hash01", () => {
  it("lies in [0, 1) and is spread evenly", () => {
    const tenths = new Array<number>(10).fill(0);
    for (let index = 0; index < 10_000; index++) {
      const value = hash01(`seed-${index}`);
      assert.ok(value >= 0 && value < 1);
      tenths[Math.floor(value * 10)]!++;
    }
    assert.ok(
      tenths.every(count => count > 850 && count < 1_150),
      tenths.join(" "),
    );
  });
});
