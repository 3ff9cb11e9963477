import assert from "node:assert/strict";
import { failed, succeeded } from "#core/outcome.ts";
import { TaskSpec, type TaskSpecInput } from "#core/task-spec.ts";
import type { Pod } from "#kube/pod.ts";
import { readPodResult } from "../../../services/worker/read-pod-result.ts";
import { podWith } from "../../fixtures/pods/fixtures.ts";

const task = (result?: Record<string, unknown>) =>
  TaskSpec.parse({ id: "t", operator: "pod", pod: { image: "x" }, ...(result && { result }) } satisfies TaskSpecInput);
const said = (message: string, exitCode = 0, spec: Partial<Pod["spec"]> = {}) =>
  podWith({ containerStatuses: [{ name: "main", state: { terminated: { exitCode, message } } }] }, { spec });

describe("readPodResult", () => {
  it("reads what the main container wrote", () =>
    assert.deepEqual(readPodResult(task({}), said("[1]"), succeeded()), { outcome: succeeded(), output: [1] }));

  it("leaves the file of a task without a result alone", () =>
    assert.deepEqual(readPodResult(task(), said("[1]"), succeeded()), { outcome: succeeded() }));

  it("never reads a container that failed: its message is the end of its log", () => {
    const outcome = failed("ExitCode", "user", "exit 3", 3);
    assert.deepEqual(readPodResult(task({}), said("[1]", 3), outcome), { outcome });
  });

  it("knows that a pod's containers share what they can say", () => {
    const containers = ["main", "a", "b", "c"].map(name => ({ name }));
    const { outcome } = readPodResult(task({}), said(`"${"x".repeat(3_100)}"`, 0, { containers }), succeeded());
    assert.equal(outcome.code, "ResultTooLarge");
    assert.match(outcome.message, /3072 bytes/);
  });

  it("gives up on a pattern that does not come to an end", () => {
    const schema = { type: "string", pattern: "^(a+)+$" };
    const { outcome } = readPodResult(task(schema), said(JSON.stringify(`${"a".repeat(60)}!`)), succeeded());
    assert.equal(outcome.code, "ResultInvalid");
    assert.match(outcome.message, /a pattern of the schema took longer/);
    assert.equal(readPodResult(task(schema), said('"aaa"'), succeeded()).output, "aaa");
  });
});
