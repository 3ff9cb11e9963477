import assert from "node:assert/strict";
import { coversAll, DagRule, type Grant, highestRole, includesRole, isGranted, ROLES } from "#core/rights.ts";

const ETL = { id: "load", tags: ["etl", "daily"], owner: "data" };
const OTHER = { id: "train", tags: ["ml"] };

describe("rights", () => {
  it("each role includes those before it", () => {
    const table = ROLES.map(held => ROLES.filter(needed => includesRole(held, needed)).length);
    assert.deepEqual(table, [1, 2, 3, 4]);
  });

  const GRANTED: readonly [name: string, grants: Grant[], seen: [boolean, boolean, boolean]][] = [
    ["nothing", [], [false, false, false]],
    ["everything", [{ role: "operator" }], [true, true, true]],
    ["too low a role", [{ role: "viewer" }], [false, false, false]],
    ["by tag", [{ role: "operator", dags: { tags: ["x", "etl"] } }], [true, false, false]],
    ["by owner", [{ role: "admin", dags: { owners: ["data"] } }], [true, false, false]],
    ["by id", [{ role: "operator", dags: { ids: ["train"] } }], [false, true, false]],
    ["any list of a rule is enough", [{ role: "operator", dags: { ids: ["train"], tags: ["daily"] } }], [true, true, false]],
    ["grants add up", [{ role: "viewer" }, { role: "operator", dags: { ids: ["train"] } }], [false, true, false]],
  ];
  for (const [name, grants, expected] of GRANTED) {
    it(`an operator: ${name}`, () => {
      assert.deepEqual(
        [ETL, OTHER, undefined].map(dag => isGranted(grants, "operator", dag)),
        expected,
      );
    });
  }

  it("a DAG without an owner is nobody's", () => {
    assert.equal(isGranted([{ role: "admin", dags: { owners: ["undefined", ""] } }], "viewer", OTHER), false);
  });

  it("knows the highest role, wherever it counts", () => {
    assert.equal(highestRole([{ role: "viewer" }, { role: "author", dags: { ids: ["a"] } }]), "author");
    assert.equal(highestRole([]), undefined);
  });

  const COVERED: readonly [outer: Grant[], inner: Grant[], covers: boolean][] = [
    [[{ role: "admin" }], [{ role: "viewer", dags: { ids: ["a"] } }], true],
    [[{ role: "operator" }], [{ role: "author" }], false],
    [[{ role: "operator", dags: { tags: ["a", "b"] } }], [{ role: "viewer", dags: { tags: ["b"] } }], true],
    [[{ role: "operator", dags: { tags: ["a"] } }], [{ role: "viewer" }], false],
    [[{ role: "operator", dags: { tags: ["a"] } }], [{ role: "viewer", dags: { tags: ["a", "b"] } }], false],
    [[{ role: "operator", dags: { tags: ["a"] } }], [{ role: "viewer", dags: { tags: ["a"], ids: ["x"] } }], false],
    [
      [{ role: "viewer" }, { role: "operator", dags: { ids: ["a"] } }],
      [{ role: "viewer" }, { role: "operator", dags: { ids: ["a"] } }],
      true,
    ],
    [[{ role: "viewer" }], [], true],
  ];
  for (const [outer, inner, covers] of COVERED) {
    it(`${JSON.stringify(outer)} ${covers ? "covers" : "does not cover"} ${JSON.stringify(inner)}`, () => {
      assert.equal(coversAll(outer, inner), covers);
    });
  }

  it("takes no rule that names nothing", () => {
    for (const rule of [{}, { tags: [] }, { tag: ["a"] }])
      assert.equal(DagRule.safeParse(rule).success, false, JSON.stringify(rule));
  });
});
