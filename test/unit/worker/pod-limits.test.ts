import assert from "node:assert/strict";
import { classify } from "#kube/classify.ts";
import type { PodStatus } from "#kube/pod.ts";
import { deadlineOf, type PodLimits } from "../../../services/worker/pod-limits.ts";
import { podWith } from "../../fixtures/pods/fixtures.ts";

const LIMITS: PodLimits = {
  schedulingTimeoutMs: 600_000,
  startTimeoutMs: 500_000,
  imageGraceMs: 300_000,
  configGraceMs: 60_000,
};
const CREATED_AT = Date.parse("2026-01-01T00:00:00Z");

const waiting = (reason: string): PodStatus => ({
  phase: "Pending",
  containerStatuses: [{ name: "main", state: { waiting: { reason, message: "m" } } }],
});
const running: PodStatus = {
  phase: "Running",
  containerStatuses: [{ name: "main", state: { running: { startedAt: "2026-01-01T00:01:00Z" } } }],
};
const unscheduled = (reason: string, message = "0/3 nodes are available"): PodStatus => ({
  phase: "Pending",
  conditions: [{ type: "PodScheduled", status: "False", reason, message }],
});

/** [what, status, own limits, code and ms after the creation; undefined: for ever] */
const TABLE: readonly [
  what: string,
  status: PodStatus,
  limits: Partial<PodLimits>,
  ends: [code: string, afterMs: number] | undefined,
][] = [
  ["no node", unscheduled("Unschedulable"), {}, ["Unschedulable", 600_000]],
  ["no node, and time for ever", unscheduled("Unschedulable"), { schedulingTimeoutMs: 0 }, undefined],
  ["no node, in a hurry", unscheduled("Unschedulable"), { schedulingTimeoutMs: 5_000 }, ["Unschedulable", 5_000]],
  [
    "no node for a claim that does not exist",
    unscheduled("Unschedulable", 'persistentvolumeclaim "c" not found'),
    {},
    ["VolumeMissing", 600_000],
  ],
  ["held back by a gate", unscheduled("SchedulingGated"), { schedulingTimeoutMs: 1 }, undefined],
  ["creating", waiting("ContainerCreating"), {}, ["StartTimeout", 500_000]],
  ["creating, and time for ever", waiting("ContainerCreating"), { startTimeoutMs: 0 }, undefined],
  ["no such image", waiting("ErrImagePull"), {}, ["ErrImagePull", 300_000]],
  ["no such image, backing off", waiting("ImagePullBackOff"), {}, ["ErrImagePull", 300_000]],
  ["no such image, no patience of the site's", waiting("ErrImagePull"), { imageGraceMs: 0 }, ["ErrImagePull", 0]],
  ["no such image, less patience of the task's", waiting("ErrImagePull"), { startTimeoutMs: 7_000 }, ["ErrImagePull", 7_000]],
  ["no image name", waiting("InvalidImageName"), {}, ["InvalidImageName", 0]],
  ["a missing secret", waiting("CreateContainerConfigError"), {}, ["CreateContainerConfigError", 60_000]],
  [
    "a missing secret, no patience",
    waiting("CreateContainerConfigError"),
    { configGraceMs: 0 },
    ["CreateContainerConfigError", 0],
  ],
  ["running without a limit", running, {}, undefined],
  [
    "running with one, from the container's start, not from the pod's",
    running,
    { timeoutMs: 1_000 },
    ["Timeout", 60_000 + 999 + 1_000],
  ],
];

describe("deadlineOf", () => {
  for (const [what, status, limits, ends] of TABLE) {
    it(`${what} → ${ends === undefined ? "for ever" : `${ends[0]} after ${ends[1]} ms`}`, () => {
      const deadline = deadlineOf(classify(podWith(status)), CREATED_AT, { ...LIMITS, ...limits });
      assert.deepEqual(deadline && [deadline.outcome.code, deadline.at - CREATED_AT], ends);
    });
  }
});
