import assert from "node:assert/strict";
import { jsonPatch, mergePatch } from "#localcluster/api/patch.ts";
import { strategicMerge } from "#localcluster/api/strategic-merge.ts";

describe("localcluster: patches", () => {
  it("a merge patch removes by null and replaces lists", () => {
    assert.deepEqual(mergePatch({ a: 1, b: { c: 2, d: 3 }, l: [1, 2] }, { a: null, b: { d: 4 }, l: [3] }), {
      b: { c: 2, d: 4 },
      l: [3],
    });
  });

  const OPERATIONS: [title: string, operations: object[], result: unknown][] = [
    ["add", [{ op: "add", path: "/b", value: 2 }], { a: 1, l: [1, 2], b: 2 }],
    ["add into a list", [{ op: "add", path: "/l/1", value: 9 }], { a: 1, l: [1, 9, 2] }],
    ["append", [{ op: "add", path: "/l/-", value: 9 }], { a: 1, l: [1, 2, 9] }],
    ["remove", [{ op: "remove", path: "/l/0" }], { a: 1, l: [2] }],
    ["replace", [{ op: "replace", path: "/a", value: 5 }], { a: 5, l: [1, 2] }],
    ["move", [{ op: "move", from: "/a", path: "/b" }], { l: [1, 2], b: 1 }],
    ["copy", [{ op: "copy", from: "/a", path: "/b" }], { a: 1, l: [1, 2], b: 1 }],
    [
      "test, then go on",
      [
        { op: "test", path: "/a", value: 1 },
        { op: "remove", path: "/a" },
      ],
      { l: [1, 2] },
    ],
    ["an escaped path", [{ op: "add", path: "/x~1y~0z", value: 1 }], { a: 1, l: [1, 2], "x/y~z": 1 }],
  ];
  for (const [title, operations, result] of OPERATIONS) {
    it(`json patch: ${title}`, () => assert.deepEqual(jsonPatch({ a: 1, l: [1, 2] }, operations), result));
  }
  const REJECTED: object[] = [
    { op: "test", path: "/a", value: 2 },
    { op: "remove", path: "/nope" },
    { op: "replace", path: "/l/7", value: 1 },
    { op: "what", path: "/a" },
  ];
  for (const operation of REJECTED) {
    it(`json patch refuses ${JSON.stringify(operation)}`, () => {
      assert.throws(() => jsonPatch({ a: 1, l: [1, 2] }, [operation]), {
        message: "the server rejected our request due to an error in our request",
      });
    });
  }

  const STRATEGIC: [title: string, target: unknown, patch: unknown, result: unknown][] = [
    [
      "lists merge by their key",
      { containers: [{ name: "a", image: "1" }, { name: "b" }] },
      { containers: [{ name: "a", image: "2" }] },
      { containers: [{ name: "a", image: "2" }, { name: "b" }] },
    ],
    ["a new element is appended", { env: [{ name: "a" }] }, { env: [{ name: "b" }] }, { env: [{ name: "a" }, { name: "b" }] }],
    [
      "$patch: delete takes one out",
      { volumes: [{ name: "a" }, { name: "b" }] },
      { volumes: [{ name: "a", $patch: "delete" }] },
      { volumes: [{ name: "b" }] },
    ],
    [
      "$patch: replace replaces the list",
      { env: [{ name: "a" }] },
      { env: [{ name: "b" }, { $patch: "replace" }] },
      { env: [{ name: "b" }] },
    ],
    [
      "$setElementOrder orders",
      { env: [{ name: "a" }, { name: "b" }] },
      { "$setElementOrder/env": [{ name: "b" }, { name: "a" }] },
      { env: [{ name: "b" }, { name: "a" }] },
    ],
    [
      "$deleteFromPrimitiveList",
      { finalizers: ["a", "b"] },
      { "$deleteFromPrimitiveList/finalizers": ["a"] },
      { finalizers: ["b"] },
    ],
    ["$retainKeys", { strategy: { a: 1, b: 2 } }, { strategy: { $retainKeys: ["b"], b: 3 } }, { strategy: { b: 3 } }],
    [
      "other lists are replaced",
      { command: ["a"], tolerations: [{ key: "x" }] },
      { command: ["b"], tolerations: [] },
      { command: ["b"], tolerations: [] },
    ],
    ["null removes", { data: { a: "1", b: "2" } }, { data: { a: null } }, { data: { b: "2" } }],
  ];
  for (const [title, target, patch, result] of STRATEGIC)
    it(`strategic merge: ${title}`, () => assert.deepEqual(strategicMerge(target, patch), result));
});
