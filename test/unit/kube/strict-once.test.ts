import assert from "node:assert/strict";
import { StrictOnce, shapeOf } from "#kube/strict-once.ts";

const pod = (name: string, more: object = {}) => ({
  metadata: { name, labels: { [`l-${name}`]: "x" } },
  spec: { containers: [{ name: "main", image: name, args: [name], ...more }] },
});

describe("shapeOf", () => {
  it("is the keys without values, and without the keys of maps", () => {
    assert.equal(shapeOf(pod("a")), shapeOf(pod("b")));
    assert.notEqual(shapeOf(pod("a")), shapeOf(pod("a", { imagePullPolcy: "Always" })));
    assert.notEqual(shapeOf(pod("a")), shapeOf(pod("a", { args: ["a", "b"] })));
  });
});

describe("StrictOnce", () => {
  it("asks for strict decoding until a shape was accepted, and again after ten minutes", () => {
    const strict = new StrictOnce();
    assert.equal(strict.validationFor("s", 0), "Strict");
    strict.accepted("s", 0);
    assert.deepEqual([strict.validationFor("s", 600_000), strict.validationFor("t", 0)], ["Ignore", "Strict"]);
    assert.equal(strict.validationFor("s", 600_001), "Strict");
  });
});
