import assert from "node:assert/strict";
import { humanDuration } from "#localcluster/api/human-duration.ts";
import { podSummary } from "#localcluster/api/pod-summary.ts";
import type { ContainerState, ContainerStatus, Pod, PodStatus } from "#localcluster/pod.ts";

const one = (state: ContainerState, more: Partial<ContainerStatus> = {}): ContainerStatus => ({
  name: "main",
  image: "i",
  imageID: "",
  state,
  lastState: {},
  ready: state.running !== undefined,
  restartCount: 0,
  started: false,
  ...more,
});
const over = (exitCode: number, reason: string): ContainerState => ({
  terminated: { exitCode, reason, startedAt: "", finishedAt: "" },
});
const pod = (status: Partial<PodStatus>, more: { dying?: boolean; init?: number } = {}): Pod => ({
  kind: "Pod",
  apiVersion: "v1",
  metadata: {
    name: "p",
    uid: "",
    resourceVersion: "",
    creationTimestamp: "",
    ...(more.dying ? { deletionTimestamp: "2026-01-01T00:00:00Z" } : {}),
  },
  spec: {
    containers: [{ name: "main", image: "i" }],
    ...(more.init
      ? { initContainers: Array.from({ length: more.init }, (_, index) => ({ name: `i${index}`, image: "i" })) }
      : {}),
    restartPolicy: "Never",
    terminationGracePeriodSeconds: 30,
  },
  status: { phase: "Pending", ...status },
});

describe("localcluster: what kubectl get pods shows", () => {
  const CASES: [word: string, ready: string, pod: Pod][] = [
    ["Pending", "0/1", pod({})],
    ["SchedulingGated", "0/1", pod({ conditions: [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }] })],
    ["ContainerCreating", "0/1", pod({ containerStatuses: [one({ waiting: { reason: "ContainerCreating" } })] })],
    ["ErrImagePull", "0/1", pod({ containerStatuses: [one({ waiting: { reason: "ErrImagePull" } })] })],
    ["Running", "1/1", pod({ phase: "Running", containerStatuses: [one({ running: { startedAt: "" } })] })],
    ["Completed", "0/1", pod({ phase: "Succeeded", containerStatuses: [one(over(0, "Completed"))] })],
    ["Error", "0/1", pod({ phase: "Failed", containerStatuses: [one(over(1, "Error"))] })],
    ["OOMKilled", "0/1", pod({ phase: "Failed", containerStatuses: [one(over(137, "OOMKilled"))] })],
    ["Evicted", "0/1", pod({ phase: "Failed", reason: "Evicted" })],
    ["Terminating", "1/1", pod({ phase: "Running", containerStatuses: [one({ running: { startedAt: "" } })] }, { dying: true })],
    ["Init:0/2", "0/1", pod({ initContainerStatuses: [one({ waiting: { reason: "PodInitializing" } })] }, { init: 2 })],
    [
      "Init:1/2",
      "0/1",
      pod({ initContainerStatuses: [one(over(0, "Completed")), one({ running: { startedAt: "" } })] }, { init: 2 }),
    ],
    ["Init:Error", "0/1", pod({ phase: "Failed", initContainerStatuses: [one(over(2, "Error"))] }, { init: 1 })],
  ];
  for (const [word, ready, shown] of CASES) {
    it(word, () => assert.deepEqual(podSummary(shown, 0), { status: word, ready, restarts: "0" }));
  }

  it("restarts tell when the last one was", () => {
    const lastState: ContainerState = {
      terminated: { exitCode: 1, reason: "Error", startedAt: "", finishedAt: "2026-01-01T00:00:00Z" },
    };
    const restarted = pod({
      phase: "Running",
      containerStatuses: [one({ running: { startedAt: "" } }, { restartCount: 2, lastState })],
    });
    assert.equal(podSummary(restarted, Date.parse("2026-01-01T00:00:19Z")).restarts, "2 (19s ago)");
  });

  const AGES: [ms: number, text: string][] = [
    [0, "0s"],
    [119_000, "119s"],
    [120_000, "2m"],
    [200_000, "3m20s"],
    [3_600_000, "60m"],
    [4 * 3_600_000 + 60_000, "4h1m"],
    [50 * 3_600_000, "2d2h"],
    [-5, "0s"],
  ];
  for (const [ms, text] of AGES) it(`${ms} ms is ${text}`, () => assert.equal(humanDuration(ms), text));
});
