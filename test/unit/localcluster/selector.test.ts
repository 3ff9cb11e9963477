import assert from "node:assert/strict";
import { fieldSelector, labelSelector } from "#localcluster/api/selector.ts";

describe("localcluster: selectors", () => {
  const labels = { app: "web", tier: "front", size: "3" };
  const LABELS: [selector: string, selects: boolean][] = [
    ["", true],
    ["app=web", true],
    ["app==web", true],
    ["app = web , tier=front", true],
    ["app=db", false],
    ["app!=db", true],
    ["app!=web", false],
    ["absent!=x", true],
    ["app in (db, web)", true],
    ["app in (db)", false],
    ["app notin (db)", true],
    ["app notin (web)", false],
    ["absent notin (x)", true],
    ["app", true],
    ["absent", false],
    ["!absent", true],
    ["!app", false],
    ["app=", false],
    ["size>2", true],
    ["size<3", false],
    ["app=web,!absent,tier in (front,back)", true],
  ];
  for (const [selector, selects] of LABELS) {
    it(`${selector || "nothing"} ${selects ? "selects" : "leaves out"}`, () =>
      assert.equal(labelSelector(selector)(labels), selects));
  }

  const WRONG: [selector: string, message: string][] = [
    ["a in (b", "unable to parse requirement: found '', expected: ',' or ')'"],
    ["a===b", "unable to parse requirement: found '=', expected: identifier"],
    ["a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
  ];
  for (const [selector, message] of WRONG)
    it(`${selector} is refused`, () => assert.throws(() => labelSelector(selector), { message }));

  it("fields are compared as text, and unknown ones refused", () => {
    const object = {
      kind: "Pod",
      apiVersion: "v1",
      metadata: { name: "a", uid: "", resourceVersion: "", creationTimestamp: "" },
    };
    const fields = { "metadata.name": () => "a", "status.phase": () => "Running" };
    assert.equal(fieldSelector("metadata.name=a,status.phase!=Failed", fields)(object), true);
    assert.equal(fieldSelector("metadata.name=b", fields)(object), false);
    assert.throws(() => fieldSelector("foo=bar", fields), { message: "field label not supported: foo" });
    assert.throws(() => fieldSelector("foo", fields), { message: "invalid selector: 'foo'; can't understand 'foo'" });
  });
});
