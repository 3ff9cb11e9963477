import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { explain, failure } from "#core/failure.ts";
import type { FailureCode } from "#core/failure-codes.ts";
import type { Outcome } from "#core/outcome.ts";
import { classify } from "#kube/classify.ts";
import { classifyApiError } from "#kube/classify-api-error.ts";
import type { PodEvent } from "#kube/kube.ts";
import { KubeError } from "#kube/kube-error.ts";
import { type Pod, podRef } from "#kube/pod.ts";
import { explainStartTimeout } from "../../../services/worker/start-events.ts";

/** What test/fixtures/pods/capture.ts wrote: a pod with its events, or the answer to its creation. */
interface Captured {
  what: string;
  capturedAt: string;
  kubernetes: string;
  pod?: Pod;
  events?: PodEvent[];
  answer?: { status: number; body: object };
}

const DIR = join(import.meta.dirname, "../../fixtures/pods/captured");

/** Of the outcome now, or at the end of the grace. */
const EXPECTED: Readonly<Record<string, readonly [state: string, code: string, blame: string, evidence?: RegExp]>> = {
  "oom-killed": ["ended", "OOMKilled", "user", /^exitCode: 137, reason: OOMKilled, /],
  "start-error": ["ended", "StartError", "user", /exec: "python": executable file not found/],
  "exit-code": ["ended", "ExitCode", "user", /^exitCode: 3, reason: Error, startedAt: \S+Z, finishedAt: \S+Z$/],
  "invalid-image-name": ["starting", "InvalidImageName", "config", /must be lowercase/],
  "err-image-pull": ["starting", "ErrImagePull", "config", /no-such-image/],
  "image-pull-back-off": ["starting", "ErrImagePull", "config", /Back-off pulling image/],
  "create-container-config-error": ["starting", "CreateContainerConfigError", "config", /secret "missing" not found/],
  "missing-secret-volume": ["starting", "VolumeMissing", "config", /FailedMount: .*secret "missing" not found/],
  unschedulable: ["starting", "Unschedulable", "infra", /nodes are available/],
  "missing-claim": ["starting", "VolumeMissing", "config", /persistentvolumeclaim "missing" not found/],
  "deadline-exceeded": ["ended", "DeadlineExceeded", "user", /longer than the specified deadline/],
  "evicted-storage-limit": ["ended", "StorageLimitExceeded", "user", /exceeds the total limit of containers 10Mi/],
  "eviction-api": ["ended", "Disrupted", "infra", /evicting/],
  "eviction-api-exit-0": ["ended", "InterruptedExit0", "policy", /evicting/],
  "node-lost": ["stopping", "NodeLost", "infra", /taint/i],
  "pod-deleted": ["ended", "PodDeleted", "policy", /^exitCode: 137, reason: Error, /],
  "init-container-failed": ["ended", "InitContainerFailed", "user", /^exitCode: 2, reason: Error, /],
  "sidecar-crashes": [
    "starting",
    "CrashLoopBackOff",
    "user",
    /^exitCode: 1, reason: Error, startedAt: \S+, finishedAt: \S+, restarted [23] times$/,
  ],
  "sidecar-start-error": [
    "starting",
    "CrashLoopBackOff",
    "user",
    /^exitCode: 128, reason: StartError, finishedAt: \S+, restarted [23] times: .*exec: "no-such-program": /,
  ],
  "sidecar-not-started": ["starting", "SidecarNotStarted", "user", /^running, restarted 1 time$/],
  // Kubernetes 1.34 says it in an event only.
  "post-start-hook": ["ended", "ExitCode", "user"],
  quota: ["wait", "QuotaExceeded", "infra", /exceeded quota: none/],
  "limit-range": ["fail", "LimitRange", "config", /maximum memory usage per Container is 64Mi/],
  "pod-security": ["fail", "PodSecurity", "config", /violates PodSecurity "restricted:latest"/],
  "service-account-missing": ["fail", "ServiceAccountMissing", "config", /serviceaccount "missing" not found/],
  invalid: ["fail", "Invalid", "config", /spec\.nodeSelector/],
  "namespace-missing": ["fail", "NamespaceMissing", "config", /not found/],
};

const fixtures = globSync("*.json", { cwd: DIR }).map(file => {
  const captured = JSON.parse(readFileSync(join(DIR, file), "utf8")) as Captured;
  return [basename(file, ".json"), captured] as const;
});

function verdictOn({ pod, events = [], answer }: Captured): Outcome & { state: string } {
  if (answer !== undefined) {
    const verdict = classifyApiError(KubeError.fromResponse(answer.status, {}, JSON.stringify(answer.body)));
    if (verdict.action === "wait")
      return { state: "wait", ...failure(verdict.code as FailureCode, { evidence: verdict.message }) };
    return { state: verdict.action, ...verdict.outcome };
  }
  const seen = classify(pod!);
  const outcome = seen.outcome ?? seen.overdue!;
  return { state: seen.state, ...(outcome.code === "StartTimeout" ? explainStartTimeout(outcome, pod!, events) : outcome) };
}

describe("what a real Kubernetes said", () => {
  it("is known in full", () => assert.deepEqual(fixtures.map(([name]) => name).sort(), Object.keys(EXPECTED).sort()));

  for (const [name, captured] of fixtures) {
    const [state, code, blame, evidence] = EXPECTED[name] ?? [];
    it(`${captured.what} (${captured.kubernetes}, ${captured.capturedAt}) → ${code}`, () => {
      const verdict = verdictOn(captured);
      assert.deepEqual([verdict.state, verdict.code, verdict.blame], [state, code, blame]);
      if (evidence !== undefined) assert.match(verdict.evidence ?? "", evidence);
      if (captured.pod !== undefined)
        assert.equal(explain(verdict, podRef(captured.pod)).length, 4, "what, where, evidence, advice");
      assert.doesNotMatch(JSON.stringify(verdict), /records in|(sidecar|probe)-output/, "no output of a container");
    });
  }
});
