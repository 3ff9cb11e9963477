import assert from "node:assert/strict";
import { type FailureCase, sh, taskOfCase } from "../../contract/failures/failure-case.ts";
import { failuresContract } from "../../contract/failures/failures-contract.ts";
import { realHands } from "../../support/cluster-hands.ts";
import { lasting } from "../../support/lasting.ts";
import { openRealCluster, type RealCluster } from "../../support/real-cluster.ts";
import { until } from "../../support/until.ts";
import { withFleet } from "../../support/with-fleet.ts";

/** What takes a kernel, a kubelet or an admission plugin. */
const real = (cluster: () => RealCluster): FailureCase[] => [
  {
    what: "more memory than the limit: the next try gets more, and it is not enough",
    task: {
      pod: { command: ["tail", "/dev/zero"], resources: { limits: { memory: "32Mi" } } },
      retry: { retries: 1, delayMs: 0 },
      memoryGrowth: { factor: 1.5 },
    },
    expect: { state: "failed", code: "OOMKilled", blame: "user", try: 2, message: /its limit of 48Mi/ },
  },
  {
    what: "more ephemeral storage than the limit",
    task: {
      pod: {
        ...sh("dd if=/dev/zero of=/tmp/big bs=1M count=60; sleep 600 & wait"),
        resources: { limits: { "ephemeral-storage": "10Mi" } },
      },
    },
    expect: {
      state: "failed",
      code: "StorageLimitExceeded",
      blame: "user",
      evidence: /exceeds the total limit of containers 10Mi/,
    },
  },
  {
    what: "a full quota: the try waits, says why, uses nothing up, and goes on when there is room",
    task: {},
    objects: namespace => [
      { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "none", namespace }, spec: { hard: { pods: "0" } } },
    ],
    async meanwhile({ noted, namespace }) {
      assert.match(await noted("QuotaExceeded"), /exceeded quota: none, requested: pods=1/);
      await cluster().kubectl("-n", namespace, "delete", "quota", "none");
    },
    expect: { state: "success", code: "Completed", blame: "none" },
  },
  {
    what: "more than the LimitRange allows",
    task: { pod: { resources: { limits: { memory: "256Mi" } } }, retry: { retries: 3 } },
    objects: namespace => [
      {
        apiVersion: "v1",
        kind: "LimitRange",
        metadata: { name: "small", namespace },
        spec: { limits: [{ type: "Container", max: { memory: "64Mi" } }] },
      },
    ],
    expect: { state: "failed", code: "LimitRange", blame: "config", evidence: /maximum memory usage per Container is 64Mi/ },
  },
  {
    what: "less secure than the namespace's level",
    task: { pod: { hostNetwork: true }, retry: { retries: 3 } },
    labels: { "pod-security.kubernetes.io/enforce": "restricted" },
    expect: {
      state: "failed",
      code: "PodSecurity",
      blame: "config",
      evidence: /violates PodSecurity "restricted:latest".*hostNetwork=true/,
    },
  },
  {
    what: "a volume claim that does not exist",
    task: {
      pod: { mounts: [{ path: "/data", source: { persistentVolumeClaim: { claimName: "missing" } } }] },
      schedulingTimeoutMs: 2_000,
      retry: { retries: 3 },
    },
    expect: { state: "failed", code: "VolumeMissing", blame: "config", evidence: /persistentvolumeclaim "missing" not found/ },
  },
  {
    what: "a sidecar that crashes before the task could start",
    task: {
      pod: {
        sidecars: [
          {
            name: "proxy",
            image: "busybox:1.36",
            command: ["false"],
            // Else a busy kubelet may take it for started before it sees the end.
            startupProbe: { exec: { command: ["true"] }, initialDelaySeconds: 60 },
          },
        ],
      },
      startTimeoutMs: 15_000,
    },
    expect: { state: "failed", code: "CrashLoopBackOff", blame: "user", evidence: /^exitCode: 1, reason: Error, / },
  },
  {
    what: "a sidecar whose startup probe does not pass",
    task: {
      pod: {
        sidecars: [
          {
            name: "proxy",
            image: "busybox:1.36",
            ...sh("sleep 600 & wait"),
            startupProbe: { exec: { command: ["false"] }, periodSeconds: 1, failureThreshold: 100 },
          },
        ],
      },
      startTimeoutMs: 15_000,
    },
    expect: { state: "failed", code: "SidecarNotStarted", blame: "user", evidence: /^running$/ },
  },
];

failuresContract("a real cluster", openRealCluster, real);

describe("a secret that comes 40 s late on a real cluster", () => {
  it("is waited for: the default patience is a minute", () =>
    withFleet(openRealCluster, async fleet => {
      await Promise.all([fleet.scheduler(), fleet.worker()]);
      const env = { GREETING: { secret: "late", key: "word" } };
      const run = await fleet.start({ id: "late", tasks: [taskOfCase({ pod: { ...sh('[ "$GREETING" = hello ]'), env } })] });
      const noted = async () => (await fleet.state.runs.notes(run)).get("task")?.code === "CreateContainerConfigError";
      await until(noted, { deadlineMs: 30_000, what: "the note" });
      await lasting(40_000);
      const metadata = { name: "late", namespace: fleet.namespace };
      await realHands().create({ apiVersion: "v1", kind: "Secret", metadata, stringData: { word: "hello" } });
      const task = (await fleet.ended(run, 60_000)).tasks.get("task")!;
      assert.deepEqual([task.state, task.try, task.infra], ["success", 1, 0]);
    })).timeout(150_000);
});
