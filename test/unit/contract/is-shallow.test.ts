import assert from "node:assert/strict";
import { isShallow } from "#contract/is-shallow.ts";

const nested = (depth: number, wrap: (inner: unknown) => unknown): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = wrap(value);
  return value;
};

describe("contract/is-shallow", () => {
  const table: [string, unknown, boolean][] = [
    ["a number", 1, true],
    ["null", null, true],
    ["an empty object", {}, true],
    ["64 objects", nested(64, inner => ({ inner })), true],
    ["65 objects", nested(65, inner => ({ inner })), false],
    ["65 arrays beside shallow things", [1, { a: 2 }, nested(65, inner => [inner])], false],
    ["more depth than a stack", nested(200_000, inner => [inner]), false],
    ["much breadth", Array.from({ length: 10_000 }, () => ({})), true],
  ];
  for (const [name, value, expected] of table)
    it(`${expected ? "accepts" : "refuses"} ${name}`, () => assert.equal(isShallow(value), expected));
});
