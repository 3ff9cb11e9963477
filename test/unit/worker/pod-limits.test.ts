import assert from "node:assert/strict";
import { failed } from "#core/outcome.ts";
import type { Observation } from "#kube/classify.ts";
import { deadlineOf, type PodLimits } from "../../../services/worker/pod-limits.ts";

const CREATED_AT = 1_000_000;
const SINCE_AT = 2_000_000;
const STARTED_AT = 3_000_000;
const LIMITS: PodLimits = { schedulingTimeoutMs: 11, startTimeoutMs: 22, imageGraceMs: 33 };

const seen = (state: Observation["state"], code: string, more: Partial<Observation> = {}): Observation => ({
  state,
  code,
  message: "",
  pod: { namespace: "ns", name: "p", uid: "u" },
  ...more,
});
const waits = (code: string, blame: "infra" | "config", more: Partial<Observation> = {}): Observation =>
  seen("starting", code, { graceMs: 44, overdue: failed(code, blame, "late"), sinceAt: SINCE_AT, ...more });

describe("deadlineOf", () => {
  const table: readonly (readonly [
    what: string,
    seen: Observation,
    limits: PodLimits,
    expected: readonly [number, string] | undefined,
  ])[] = [
    ["running without a timeout: for ever", seen("running", "Running", { startedAt: STARTED_AT }), LIMITS, undefined],
    [
      "running with a timeout: never before it is over, whatever the stamp cut off",
      seen("running", "Running", { startedAt: STARTED_AT }),
      { ...LIMITS, timeoutMs: 500 },
      [STARTED_AT + 999 + 500, "Timeout"],
    ],
    [
      "running with an unknown start: counted from the creation",
      seen("running", "Running"),
      { ...LIMITS, timeoutMs: 500 },
      [CREATED_AT + 999 + 500, "Timeout"],
    ],
    [
      "not running: the timeout does not count yet",
      waits("ContainerCreating", "infra"),
      { ...LIMITS, timeoutMs: 1 },
      [SINCE_AT + 22, "ContainerCreating"],
    ],
    ["an image: the site's patience", waits("ErrImagePull", "config"), LIMITS, [SINCE_AT + 33, "ErrImagePull"]],
    ["an image in back-off", waits("ImagePullBackOff", "config"), LIMITS, [SINCE_AT + 33, "ImagePullBackOff"]],
    [
      "a registry, an infrastructure's matter",
      waits("RegistryUnavailable", "infra"),
      LIMITS,
      [SINCE_AT + 33, "RegistryUnavailable"],
    ],
    ["no patience: at once", waits("ErrImagePull", "config"), { ...LIMITS, imageGraceMs: 0 }, [SINCE_AT, "ErrImagePull"]],
    ["no node", waits("Unschedulable", "infra"), LIMITS, [SINCE_AT + 11, "Unschedulable"]],
    ["a slow start", waits("ContainerCreating", "infra"), LIMITS, [SINCE_AT + 22, "ContainerCreating"]],
    [
      "a wrong configuration: what classify says",
      waits("CreateContainerConfigError", "config"),
      LIMITS,
      [SINCE_AT + 44, "CreateContainerConfigError"],
    ],
    [
      "stopping: what classify says",
      seen("stopping", "Stopping", { graceMs: 44, overdue: failed("NodeLost", "infra", ""), sinceAt: SINCE_AT }),
      { ...LIMITS, timeoutMs: 1 },
      [SINCE_AT + 44, "NodeLost"],
    ],
    ["held back by a gate: for ever", seen("queued", "SchedulingGated"), LIMITS, undefined],
    [
      "without an instant: counted from the creation",
      seen("starting", "Pending", { graceMs: 44, overdue: failed("Pending", "infra", "") }),
      LIMITS,
      [CREATED_AT + 22, "Pending"],
    ],
  ];
  for (const [what, observation, limits, expected] of table) {
    it(what, () => {
      const deadline = deadlineOf(observation, CREATED_AT, limits);
      assert.deepEqual(deadline && [deadline.at, deadline.outcome.code], expected);
    });
  }

  it("blames the user for a timeout and names it", () => {
    const running = seen("running", "Running", { startedAt: STARTED_AT });
    const { outcome } = deadlineOf(running, CREATED_AT, { ...LIMITS, timeoutMs: 90_000 })!;
    assert.deepEqual(
      [outcome.result, outcome.blame, outcome.message],
      ["failed", "user", "ran longer than its timeout of 1m30s"],
    );
  });
});
