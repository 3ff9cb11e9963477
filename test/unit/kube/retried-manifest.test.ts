import assert from "node:assert/strict";
import { PodSpec } from "#core/pod/pod-spec.ts";
import { type PodRequest, renderPod } from "#kube/manifest.ts";

const key = (tryNumber: number) => ({ dagId: "d", runId: "d~1", taskId: "t", try: tryNumber, infra: 0 });
const render = (tryNumber: number, rest: Partial<PodRequest>) =>
  renderPod({
    pod: PodSpec.parse({
      image: "busybox:1.36",
      resources: { requests: { memory: "64Mi" }, limits: { memory: "128Mi", cpu: "1" } },
    }),
    key: key(tryNumber),
    settings: { defaultNamespace: "ns", instance: "i" },
    ...rest,
  });

describe("the pod of a later try", () => {
  it("has more memory when the task says so, limit and request, and the same of everything else", () => {
    const resources = [1, 2, 3].map(n => render(n, { memoryGrowth: { factor: 1.5 } }).spec.containers[0]!.resources!);
    assert.deepEqual(
      resources.map(({ limits }) => limits),
      ["128Mi", "192Mi", "288Mi"].map(memory => ({ memory, cpu: "1" })),
    );
    assert.deepEqual(
      resources.map(({ requests }) => requests!.memory),
      ["64Mi", "96Mi", "144Mi"],
    );
  });

  it("is the same whoever renders it", () => {
    const twice = [1, 2].map(() => render(3, { memoryGrowth: { factor: 1.5, max: "200Mi" } }));
    assert.deepEqual(twice[0], twice[1]);
    assert.equal(twice[0]!.spec.containers[0]!.resources!.limits!.memory, "200Mi");
  });
});

describe("the deadline behind a task's timeout", () => {
  const table: readonly [what: string, rest: Partial<PodRequest>, seconds: number | undefined][] = [
    ["no timeout", {}, undefined],
    ["leaves 20 min for the start and one for the worker", { timeoutMs: 60_000 }, 60 + 1_200 + 60],
    ["leaves more when the task does", { timeoutMs: 60_000, startTimeoutMs: 3_600_000 }, 60 + 3_600 + 60],
    ["does not shorten it when the task is in a hurry", { timeoutMs: 60_000, startTimeoutMs: 1_000 }, 60 + 1_200 + 60],
    ["is absent when the start may take for ever", { timeoutMs: 60_000, startTimeoutMs: 0 }, undefined],
  ];
  for (const [what, rest, seconds] of table) {
    it(what, () => assert.equal(render(1, rest).spec.activeDeadlineSeconds, seconds));
  }
});
