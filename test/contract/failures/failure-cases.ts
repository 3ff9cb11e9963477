import { type FailureCase, interrupted, sh } from "./failure-case.ts";

/** No time is lost between tries. */
const AT_ONCE = { delayMs: 0 };
const failed = (code: string, blame: string, more: Partial<FailureCase["expect"]> = {}): FailureCase["expect"] => ({
  state: "failed",
  code,
  blame,
  ...more,
});
const doneAtLast = (first: string): FailureCase["expect"] => ({
  state: "success",
  code: "Completed",
  blame: "none",
  infra: 1,
  first,
});

/** Failures that every cluster can produce, with what they must come to. */
export const FAILURE_CASES: readonly FailureCase[] = [
  {
    what: "a program that is not in the image uses up its tries",
    task: { pod: { command: ["no-such-program"] }, retry: { retries: 1, ...AT_ONCE } },
    expect: failed("StartError", "user", { try: 2, evidence: /exec: "no-such-program": executable file not found/ }),
  },
  {
    what: "an image name that is none fails at once, tries or not",
    task: { pod: { image: "Python:3.6" }, retry: { retries: 3, ...AT_ONCE } },
    expect: failed("InvalidImageName", "config", { evidence: /must be lowercase/ }),
  },
  {
    what: "unless the task asks for it with retryConfigErrors",
    task: { pod: { image: "Python:3.6" }, retry: { retries: 1, retryConfigErrors: true, ...AT_ONCE } },
    expect: failed("InvalidImageName", "config", { try: 2 }),
  },
  {
    what: "an image that does not exist fails when the grace is over",
    task: { pod: { image: "no-such-image:1" }, retry: { retries: 3, ...AT_ONCE } },
    expect: failed("ErrImagePull", "config", { evidence: /no-such-image/ }),
  },
  {
    what: "a secret of the environment that does not come",
    task: { pod: { env: { PASSWORD: { secret: "missing", key: "password" } } }, retry: { retries: 3, ...AT_ONCE } },
    expect: failed("CreateContainerConfigError", "config", { evidence: /secret "missing" not found/ }),
  },
  {
    what: "a secret volume that does not exist is explained by the pod's events",
    task: {
      pod: { mounts: [{ path: "/etc/app", source: { secret: { secretName: "missing" } } }] },
      startTimeoutMs: 6_000,
      retry: { retries: 3, ...AT_ONCE },
    },
    meanwhile: ({ noted }) => noted("FailedMount"),
    expect: failed("VolumeMissing", "config", { evidence: /^FailedMount: .*secret "missing" not found/ }),
  },
  {
    what: "a pod that no node takes is restarted within the infrastructure's budget, and no further",
    task: {
      pod: { nodeSelector: { "example.com/no": "such-node" } },
      schedulingTimeoutMs: 1_500,
      retry: { retries: 3, infraRetries: 1, ...AT_ONCE },
    },
    expect: failed("Unschedulable", "infra", { infra: 1, evidence: /nodes are available/, message: /infraRetries are used up/ }),
  },
  {
    what: "a task that runs too long",
    task: { pod: sh("exec sleep 600"), timeoutMs: 2_000 },
    expect: failed("Timeout", "user", { message: /timeout of 2s/ }),
  },
  {
    what: "a pod with a deadline of its own",
    task: { pod: { ...sh("exec sleep 600"), activeDeadlineSeconds: 2 } },
    expect: failed("DeadlineExceeded", "user", { evidence: /longer than the specified deadline/ }),
  },
  {
    what: "an init container that fails",
    task: { pod: { initContainers: [{ name: "setup", image: "busybox:1.36", command: ["sh", "-c", "exit 2"] }] } },
    expect: failed("InitContainerFailed", "user", { message: /"setup" exited with 2/ }),
  },
  {
    what: "a sidecar that cannot be started keeps the task waiting no longer than its startTimeout",
    task: {
      pod: { sidecars: [{ name: "proxy", image: "busybox:1.36", command: ["no-such-program"] }] },
      startTimeoutMs: 15_000,
    },
    expect: failed("CrashLoopBackOff", "user", {
      evidence: /^exitCode: 128, reason: StartError, .*exec: "no-such-program": executable/,
    }),
  },
  {
    what: "a sidecar that crashes beside the running task is not the task's end",
    task: { pod: { ...sh("sleep 5"), sidecars: [{ name: "proxy", image: "busybox:1.36", ...sh("sleep 1; exit 1") }] } },
    expect: { state: "success", code: "Completed", blame: "none" },
  },
  {
    what: "a drained node: the same try starts again",
    task: { pod: interrupted() },
    meanwhile: async ({ hands, runningPod }) => {
      const { metadata } = await runningPod();
      await hands.evict(metadata.namespace, metadata.name);
    },
    expect: doneAtLast("Disrupted"),
  },
  {
    what: "a drained node and a program that says it is done: it is not counted as done",
    task: { pod: interrupted("trap 'exit 0' TERM;") },
    meanwhile: async ({ hands, runningPod }) => {
      const { metadata } = await runningPod();
      await hands.evict(metadata.namespace, metadata.name);
    },
    expect: doneAtLast("InterruptedExit0"),
  },
  {
    what: "somebody deletes the pod: the same try starts again",
    task: { pod: interrupted() },
    meanwhile: async ({ hands, runningPod }) => {
      const { metadata } = await runningPod();
      await hands.deletePod(metadata.namespace, metadata.name);
    },
    expect: doneAtLast("PodDeleted"),
  },
  {
    what: "somebody deletes the pod of a task that takes this for a failure",
    task: { pod: interrupted(), retry: { retries: 3, failOn: ["PodDeleted"], ...AT_ONCE } },
    meanwhile: async ({ hands, runningPod }) => {
      const { metadata } = await runningPod();
      await hands.deletePod(metadata.namespace, metadata.name);
    },
    expect: failed("PodDeleted", "policy"),
  },
  {
    what: "a pod that stays in Terminating has a successor under the next name",
    task: { pod: interrupted() },
    async meanwhile({ fleet, hands, runningPod, successor }) {
      const { metadata } = await runningPod();
      const { namespace, name } = metadata;
      await hands.setFinalizers(namespace, name, ["example.com/stay"]);
      await hands.deletePod(namespace, name);
      const next = await successor();
      const stuck = await fleet.kube.getPod(namespace, name);
      if (stuck?.metadata.deletionTimestamp === undefined) throw new Error("the first pod should still be in Terminating");
      if (next === name) throw new Error("the successor needs a name of its own");
      await hands.setFinalizers(namespace, name, []);
    },
    expect: doneAtLast("PodDeleted"),
  },
  {
    what: "retryOn: an exit code that asks for another call uses up no try",
    task: { pod: sh("exit 75"), retry: { retries: 0, infraRetries: 2, retryOn: { exitCodes: [75] }, ...AT_ONCE } },
    expect: failed("ExitCode", "user", { infra: 2 }),
  },
  {
    what: "failOn: an exit code after which trying is useless",
    task: { pod: sh("exit 64"), retry: { retries: 3, failOn: [64, 78], ...AT_ONCE } },
    expect: failed("ExitCode", "user"),
  },
  {
    what: "skipOn: an exit code that says there is nothing to do",
    task: { pod: sh("exit 99"), retry: { retries: 3, skipOn: [99], ...AT_ONCE } },
    expect: { state: "skipped", code: "Skipped", blame: "none", message: /exited with 99/ },
  },
  {
    what: "a service account that does not come",
    task: { pod: { serviceAccount: "missing" }, retry: { retries: 3, ...AT_ONCE } },
    meanwhile: ({ noted }) => noted("ServiceAccountMissing"),
    expect: failed("ServiceAccountMissing", "config", { evidence: /serviceaccount "missing" not found/ }),
  },
  {
    what: "a request above its limit",
    task: {
      pod: { resources: { requests: { cpu: "200m" }, limits: { cpu: "100m" } } },
      retry: { retries: 3, ...AT_ONCE },
    },
    expect: failed("Invalid", "config", { evidence: /requests: Invalid value: "200m": must be less than or equal to cpu limit/ }),
  },
  {
    what: "a namespace that does not exist",
    isElsewhere: true,
    task: { pod: { namespace: "windlass-t-missing" }, retry: { retries: 3, ...AT_ONCE } },
    expect: failed("NamespaceMissing", "config", { evidence: /namespaces "windlass-t-missing" not found/ }),
  },
];
