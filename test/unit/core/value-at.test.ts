import assert from "node:assert/strict";
import { valueAt } from "#core/value-at.ts";

describe("valueAt", () => {
  const value = { status: { phase: "Running", items: [{ name: "a" }], none: null } };
  const table: readonly (readonly [path: string, expected: unknown])[] = [
    ["status.phase", "Running"],
    ["status.items.0.name", "a"],
    ["status.items.1.name", undefined],
    ["status.none", null],
    ["status.none.more", undefined],
    ["status.phase.length", undefined],
    ["constructor.name", undefined],
    ["", undefined],
  ];
  for (const [path, expected] of table) it(`'${path}': ${expected}`, () => assert.deepEqual(valueAt(value, path), expected));
});
