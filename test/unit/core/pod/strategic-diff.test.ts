import assert from "node:assert/strict";
import fc from "fast-check";
import type { JsonObject } from "#core/pod/object-fields.ts";
import { strategicDiff } from "#core/pod/strategic-diff.ts";
import { strategicMerge } from "#core/pod/strategic-merge.ts";
import { arbitraryPod } from "../../../support/arbitrary-pod.ts";

describe("strategicDiff", () => {
  it("makes the patch that turns one pod into the other, order included", () => {
    fc.assert(
      fc.property(arbitraryPod, arbitraryPod, (before, after) => {
        assert.deepEqual(strategicMerge(before, strategicDiff(before, after)), after);
      }),
      { numRuns: 300 },
    );
  });

  it("says nothing about what is equal", () => {
    fc.assert(
      fc.property(arbitraryPod, pod => assert.deepEqual(strategicDiff(pod, structuredClone(pod)), {})),
      { numRuns: 100 },
    );
  });

  it("leaves alone what a lower layer adds later", () => {
    const before: JsonObject = { spec: { initContainers: [{ name: "a" }], volumes: [{ name: "v", emptyDir: {} }] } };
    const after: JsonObject = { spec: { initContainers: [{ name: "b" }, { name: "a" }], volumes: [] } };
    const lower = {
      spec: { initContainers: [{ name: "site" }, { name: "a" }], volumes: [{ name: "site" }, { name: "v", emptyDir: {} }] },
    };
    assert.deepEqual(strategicMerge(lower, strategicDiff(before, after)), {
      spec: { initContainers: [{ name: "site" }, { name: "b" }, { name: "a" }], volumes: [{ name: "site" }] },
    });
  });
});
