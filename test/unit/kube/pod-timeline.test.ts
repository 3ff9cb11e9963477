import assert from "node:assert/strict";
import type { PodStatus } from "#kube/pod.ts";
import { timelineOf } from "#kube/pod-timeline.ts";
import { podWord } from "#kube/pod-word.ts";
import { podWith } from "../../fixtures/pods/fixtures.ts";

const at = (second: number): string => `2026-01-01T00:00:0${second}Z`;
const ms = (second: number): number => Date.parse(at(second));
const SCHEDULED = { type: "PodScheduled", status: "True", lastTransitionTime: at(1) };

describe("timelineOf", () => {
  const table: readonly (readonly [what: string, status: PodStatus, expected: object])[] = [
    ["a pod just created", {}, { createdAt: ms(0) }],
    ["one without a node", { conditions: [{ ...SCHEDULED, status: "False" }] }, { createdAt: ms(0) }],
    ["one with a node", { conditions: [SCHEDULED] }, { createdAt: ms(0), scheduledAt: ms(1) }],
    [
      "one that runs",
      {
        conditions: [SCHEDULED],
        containerStatuses: [{ name: "main", imageID: "sha256:1", state: { running: { startedAt: at(2) } } }],
      },
      { createdAt: ms(0), scheduledAt: ms(1), startedAt: ms(2), imageId: "sha256:1" },
    ],
    [
      "one that ended",
      {
        containerStatuses: [
          {
            name: "main",
            imageID: "sha256:1",
            state: { terminated: { exitCode: 0, reason: "Completed", startedAt: at(2), finishedAt: at(3) } },
          },
        ],
      },
      { createdAt: ms(0), startedAt: ms(2), endedAt: ms(3), imageId: "sha256:1", reason: "Completed" },
    ],
    [
      "one that could not be started: its start is the epoch",
      {
        containerStatuses: [
          {
            name: "main",
            imageID: "",
            state: { terminated: { exitCode: 128, reason: "StartError", startedAt: "1970-01-01T00:00:00Z", finishedAt: at(3) } },
          },
        ],
      },
      { createdAt: ms(0), endedAt: ms(3), reason: "StartError" },
    ],
    ["one that was evicted", { phase: "Failed", reason: "Evicted" }, { createdAt: ms(0), reason: "Evicted" }],
  ];
  for (const [what, status, expected] of table) it(what, () => assert.deepEqual(timelineOf(podWith(status)), expected));
});

describe("podWord", () => {
  const disruption = { type: "DisruptionTarget", status: "True", reason: "EvictionByEvictionAPI", message: "drained" };
  const table: readonly (readonly [what: string, status: PodStatus, expected: string | undefined])[] = [
    ["a pod that ended by itself", { phase: "Succeeded" }, undefined],
    ["an eviction", { phase: "Failed", reason: "Evicted", message: "The node was low on resource: memory." }, "Evicted"],
    [
      "an eviction for its own storage",
      { phase: "Failed", reason: "Evicted", message: 'Usage of EmptyDir volume "d" exceeds the limit "1Mi".' },
      "StorageLimitExceeded",
    ],
    ["a drain", { phase: "Failed", conditions: [disruption] }, "Disrupted"],
    ["a drain that was called off", { phase: "Running", conditions: [{ ...disruption, status: "False" }] }, undefined],
  ];
  for (const [what, status, expected] of table)
    it(`${what}: ${expected}`, () => assert.equal(podWord(podWith(status))?.code, expected));
});
