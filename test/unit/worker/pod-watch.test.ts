import assert from "node:assert/strict";
import type { Kube } from "#kube/kube.ts";
import type { PodStatus } from "#kube/pod.ts";
import { type PodEnd, type PodWatchOptions, watchPod } from "../../../services/worker/pod-watch.ts";
import { podWith } from "../../fixtures/pods/fixtures.ts";
import { fakeReflector } from "./fake-reflector.ts";

const LIMITS = { schedulingTimeoutMs: 60_000, startTimeoutMs: 60_000, imageGraceMs: 60_000, configGraceMs: 60_000 };
const at = (second: number) => new Date(Date.now() + second * 1_000).toISOString();
const running: PodStatus = { phase: "Running", containerStatuses: [{ name: "main", state: { running: { startedAt: at(0) } } }] };
const ended = (exitCode: number, more: PodStatus = { phase: "Running" }): PodStatus => ({
  ...more,
  containerStatuses: [
    { name: "main", state: { terminated: { exitCode, reason: "Error", startedAt: at(0), finishedAt: at(1) } } },
  ],
});

function watch(options: Partial<PodWatchOptions> = {}) {
  const fake = fakeReflector();
  const deleted: string[] = [];
  const cancel = new AbortController();
  const kube = {
    async deletePod(_namespace: string, name: string, { uid }: { uid: string }) {
      deleted.push(`${name} ${uid}`);
      return "deleted" as const;
    },
  } as Partial<Kube> as Kube;
  const end = watchPod({
    kube,
    reflector: fake.reflector,
    pod: podWith({ phase: "Pending" }),
    limits: LIMITS,
    signal: cancel.signal,
    now: Date.now,
    onChange: () => undefined,
    onError: error => assert.fail(String(error)),
    ...options,
  });
  let settled: PodEnd | undefined;
  void end.then(value => {
    settled = value;
  });
  /** What has come of it when everything that was to happen now has happened. */
  const now = async () => {
    await new Promise(setImmediate);
    return settled?.type === "ended"
      ? `${settled.outcome.code} ${settled.outcome.blame}${settled.left ? " left" : ""}`
      : settled?.type;
  };
  return { fake, show: (status: PodStatus) => fake.show(podWith(status)), cancel, deleted, end, now };
}

describe("watchPod", () => {
  const atOnce: readonly (readonly [what: string, status: PodStatus, expected: string])[] = [
    ["a success", ended(0), "Completed none"],
    ["an exit code", ended(3), "ExitCode user"],
    ["a kill, when the phase is known", ended(137, { phase: "Failed" }), "ExitCode user"],
    [
      "a kill whose reason is known",
      ended(137, { phase: "Failed", reason: "Evicted", message: "low on memory" }),
      "Evicted infra",
    ],
  ];
  for (const [what, status, expected] of atOnce) {
    it(`ends at once with the main container: ${what}`, async () => {
      const pod = watch();
      pod.show(status);
      assert.equal(await pod.now(), expected);
      assert.equal(pod.fake.listeners, 0);
    });
  }

  it("waits for the phase when a container was killed and does not say by whom: an eviction is not the program's fault", async () => {
    const pod = watch();
    pod.show(running);
    pod.show(ended(137));
    assert.equal(await pod.now(), undefined);
    pod.show(ended(137, { phase: "Failed", reason: "Evicted", message: "The node was low on resource: memory." }));
    assert.equal(await pod.now(), "Evicted infra");
  });

  it("takes the kill as the program's own when the phase says nothing else", async () => {
    const pod = watch();
    pod.show(ended(143));
    assert.equal(await pod.now(), undefined);
    pod.show(ended(143, { phase: "Failed" }));
    assert.equal(await pod.now(), "ExitCode user");
  });

  it("does not wait for ever for a phase that does not come", async function () {
    this.timeout(10_000);
    const pod = watch();
    pod.show(ended(137));
    const end = await pod.end;
    assert.equal(end.type === "ended" && end.outcome.code, "ExitCode");
  });

  it("deletes the very pod on a cancel, and waits for its end", async () => {
    const pod = watch();
    pod.show(running);
    pod.cancel.abort("cancel");
    assert.equal(await pod.now(), undefined);
    assert.deepEqual(pod.deleted, ["p u"]);
    pod.show(ended(143));
    assert.equal(await pod.now(), "Cancelled none");
  });

  it("leaves a pod that runs alone on a cancel when the task wishes it", async () => {
    const pod = watch({ onKill: "keep" });
    pod.show(running);
    pod.cancel.abort("cancel");
    assert.equal(await pod.now(), "Cancelled none left");
    assert.deepEqual(pod.deleted, []);
  });

  it("deletes a pod on a cancel that has not begun its work, whatever the task wishes: it would begin later", async () => {
    const pod = watch({ onKill: "keep" });
    pod.cancel.abort("cancel");
    await pod.now();
    assert.deepEqual(pod.deleted, ["p u"]);
  });
});
