import assert from "node:assert/strict";
import { TaskSpec, type TaskSpecInput } from "#core/task-spec.ts";
import { type PodManifest, renderPod } from "#kube/manifest.ts";
import { noteAfterEnd, readAfterEnd } from "../../../services/worker/after-end-note.ts";
import { podWith } from "../../fixtures/pods/fixtures.ts";

const task = (more: object) =>
  TaskSpec.parse({ id: "t", operator: "pod", pod: { image: "x" }, ...more } satisfies TaskSpecInput) as Extract<
    TaskSpec,
    { operator: "pod" }
  >;
const key = { dagId: "d", runId: "d~1", taskId: "t", try: 1, infra: 0 };
const manifestOf = (spec: Extract<TaskSpec, { operator: "pod" }>): PodManifest =>
  renderPod({ pod: spec.pod, key, settings: { defaultNamespace: "ns", instance: "i" } });

describe("a task's wish on its pod", () => {
  for (const wish of [{ onFinish: "keep", keepForMs: 5 }, { onKill: "keep" }, { onFinish: "deleteSucceeded" }]) {
    it(`is written and read back: ${JSON.stringify(wish)}`, () => {
      const spec = task(wish);
      const { annotations } = noteAfterEnd(manifestOf(spec), spec).metadata;
      const pod = podWith({});
      assert.deepEqual(readAfterEnd({ ...pod, metadata: { ...pod.metadata, annotations } }), wish);
    });
  }

  it("is absent where the task says nothing", () => {
    const spec = task({});
    assert.deepEqual(noteAfterEnd(manifestOf(spec), spec), manifestOf(spec));
    assert.deepEqual(readAfterEnd(podWith({})), {});
  });

  it("counts as absent when somebody has spoilt it", () => {
    const pod = podWith({});
    const spoilt = (text: string) => ({ ...pod, metadata: { ...pod.metadata, annotations: { "windlass.dev/after-end": text } } });
    for (const text of ["{", '{"onFinish":"burn"}', "[]"]) assert.deepEqual(readAfterEnd(spoilt(text)), {});
  });
});
