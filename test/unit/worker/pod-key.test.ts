import assert from "node:assert/strict";
import { keyText } from "#kube/manifest.ts";
import { readPodKey } from "../../../services/worker/pod-key.ts";

const KEY = { dagId: "etl", runId: "etl~1", taskId: "load", try: 2, infra: 1 };

describe("readPodKey", () => {
  it("reads what a pod is annotated with", () => assert.deepEqual(readPodKey(keyText(KEY)), KEY));

  const table: readonly (readonly [what: string, annotation: string | undefined])[] = [
    ["no annotation", undefined],
    ["an empty one", ""],
    ["no JSON", "etl~1"],
    ["another shape", JSON.stringify({ run: "etl~1" })],
    ["a part", JSON.stringify({ ...KEY, infra: undefined })],
    ["a try that is no number", JSON.stringify({ ...KEY, try: "2" })],
    ["a try that is no whole number", JSON.stringify({ ...KEY, try: 1.5 })],
    ["null", "null"],
  ];
  for (const [what, annotation] of table) {
    it(`makes nothing of ${what}`, () => assert.equal(readPodKey(annotation), undefined));
  }
});
