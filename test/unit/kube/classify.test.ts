import assert from "node:assert/strict";
import { failed } from "#core/outcome.ts";
import { classify, classifyGone } from "#kube/classify.ts";
import { POD_FIXTURES, podWith } from "../../fixtures/pods/fixtures.ts";

describe("classify", () => {
  for (const { what, pod, deletedByUs, ...want } of POD_FIXTURES) {
    it(`${what} → ${want.code}`, () => {
      const { state, code, outcome, overdue, graceMs } = classify(pod, { deletedByUs });
      const blame = (outcome ?? overdue)?.blame;
      assert.deepEqual(
        { state, code, result: outcome?.result, blame, graceMs },
        { result: undefined, blame: undefined, graceMs: undefined, ...want },
      );
    });
  }

  const at = (instant: string) => Date.parse(instant);
  const mainEnded = (message: string, exitCode = 1) =>
    podWith({
      phase: "Failed",
      containerStatuses: [{ name: "main", restartCount: 2, state: { terminated: { exitCode, message } } }],
    });

  it("tells where the pod is and when its container ran", () => {
    const terminated = {
      exitCode: 0,
      reason: "Completed",
      startedAt: "2026-01-01T00:01:00Z",
      finishedAt: "2026-01-01T00:02:00Z",
      message: '{"rows":1}',
    };
    const seen = classify(podWith({ phase: "Running", containerStatuses: [{ name: "main", state: { terminated } }] }));
    assert.deepEqual(seen.pod, { namespace: "ns", name: "p", uid: "u", node: "node-1" });
    assert.equal(seen.startedAt, at("2026-01-01T00:01:00Z"));
    assert.equal(seen.endedAt, at("2026-01-01T00:02:00Z"));
    assert.equal(seen.terminationMessage, '{"rows":1}');
  });

  it("counts the grace from the last step that succeeded", () => {
    const conditions = [
      { type: "PodScheduled", status: "True", lastTransitionTime: "2026-01-01T00:00:01Z" },
      { type: "PodReadyToStartContainers", status: "True", lastTransitionTime: "2026-01-01T00:00:05Z" },
    ];
    const status = {
      phase: "Pending",
      conditions,
      containerStatuses: [{ name: "main", state: { waiting: { reason: "ErrImagePull" } } }],
    };
    assert.equal(classify(podWith(status)).sinceAt, at("2026-01-01T00:00:05Z"));
    assert.equal(classify(podWith({ phase: "Pending" })).sinceAt, at("2026-01-01T00:00:00Z"));
  });

  it("counts the grace of a trouble from the end of the init containers before it, the start timeout from the node", () => {
    const finished = { terminated: { exitCode: 0, reason: "Completed", finishedAt: "2026-01-01T00:08:00Z" } };
    const pendingWith = (reason: string) =>
      podWith({
        phase: "Pending",
        conditions: [{ type: "PodScheduled", status: "True", lastTransitionTime: "2026-01-01T00:00:01Z" }],
        initContainerStatuses: [{ name: "setup", state: finished }],
        containerStatuses: [{ name: "main", state: { waiting: { reason } } }],
      });
    assert.equal(classify(pendingWith("ErrImagePull")).sinceAt, at("2026-01-01T00:08:00Z"));
    assert.equal(classify(pendingWith("PodInitializing")).sinceAt, at("2026-01-01T00:00:01Z"));
  });

  it("keeps what the container said out of the outcome, which goes into Redis", () => {
    const seen = classify(mainEnded("Traceback:\n  File x\nValueError: no rows\n"));
    assert.equal(seen.outcome!.message, "the program exited with 1");
    assert.equal(seen.restarts, 2);
  });

  const secretive: readonly [string, number, string][] = [
    ["a failure", 1, "Error"],
    ["too little memory", 137, "OOMKilled"],
    ["a node that came back", 255, "Unknown"],
  ];
  for (const [what, exitCode, reason] of secretive) {
    it(`quotes no log after ${what}, whatever the kubelet copied into the status`, () => {
      const state = { terminated: { exitCode, reason, message: "password=hunter2" } };
      const { outcome } = classify(podWith({ phase: "Failed", containerStatuses: [{ name: "main", state }] }));
      assert.ok(!JSON.stringify(outcome).includes("hunter2"));
    });
  }

  it("quotes nothing that a hook printed", () => {
    const state = { waiting: { reason: "PostStartHookError", message: "hook printed password=hunter2" } };
    const { overdue } = classify(podWith({ phase: "Running", containerStatuses: [{ name: "main", state }] }));
    assert.equal(overdue?.code, "PostStartHookError");
    assert.ok(!JSON.stringify(overdue).includes("hunter2"));
  });

  it("keeps the runtime's words apart from the sentence", () => {
    const state = { terminated: { exitCode: 128, reason: "StartError", message: 'exec: "x": not found in $PATH' } };
    const { outcome } = classify(podWith({ phase: "Failed", containerStatuses: [{ name: "main", state }] }));
    assert.deepEqual(outcome, {
      result: "failed",
      code: "StartError",
      blame: "user",
      message: 'container "main" could not be started',
      exitCode: 128,
      container: "main",
      evidence: 'exec: "x": not found in $PATH',
    });
  });

  it("gives a pull that fails one code, whichever of its two states is seen", () => {
    const codes = ["ErrImagePull", "ImagePullBackOff"].map(reason => {
      const state = { waiting: { reason, message: "not found" } };
      return classify(podWith({ phase: "Pending", containerStatuses: [{ name: "main", state }] })).overdue?.code;
    });
    assert.deepEqual(codes, ["ErrImagePull", "ErrImagePull"]);
  });

  it("names the signal, and the memory limit", () => {
    assert.match(classify(mainEnded("", 139)).message, /^the program exited with 139 \(signal 11\)$/);
    const oom = { name: "main", state: { terminated: { exitCode: 137, reason: "OOMKilled" } } };
    assert.match(classify(podWith({ phase: "Failed", containerStatuses: [oom] })).message, /limit of 512Mi/);
  });

  it("takes the outcome that we deleted the pod for", () => {
    const timeout = failed("Timeout", "user", "longer than 5m");
    const terminated = { exitCode: 143, finishedAt: "2026-01-01T00:10:00Z" };
    const seen = classify(podWith({ phase: "Failed", containerStatuses: [{ name: "main", state: { terminated } }] }), {
      deletedByUs: timeout,
    });
    assert.deepEqual(seen.outcome, timeout);
  });
});

describe("classifyGone", () => {
  const running = { phase: "Running", containerStatuses: [{ name: "main", state: { running: {} } }] };
  const done = { phase: "Running", containerStatuses: [{ name: "main", state: { terminated: { exitCode: 0 } } }] };
  const deleted = { deletionTimestamp: "2026-01-01T00:10:00Z" };
  const TABLE = [
    { what: "never seen", last: undefined, code: "PodVanished", blame: "infra" },
    { what: "was running", last: podWith(running), code: "PodVanished", blame: "infra" },
    { what: "was being deleted", last: podWith(running, deleted), code: "PodDeleted", blame: "policy" },
    { what: "we deleted it", last: podWith(running, deleted), deletedByUs: true, code: "Cancelled", blame: "none" },
    { what: "had ended", last: podWith(done), code: "Completed", blame: "none" },
  ];
  for (const { what, last, deletedByUs, code, blame } of TABLE) {
    it(`${what} → ${code}`, () => {
      const outcome = classifyGone(last, { deletedByUs });
      assert.deepEqual({ code: outcome.code, blame: outcome.blame }, { code, blame });
    });
  }
});
