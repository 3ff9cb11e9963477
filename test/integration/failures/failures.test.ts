import { type FailureCase, interrupted, sh } from "../../contract/failures/failure-case.ts";
import { failuresContract } from "../../contract/failures/failures-contract.ts";
import { openEmbeddedCluster } from "../../support/embedded-cluster.ts";

type Embedded = Awaited<ReturnType<typeof openEmbeddedCluster>>;

/** The next creates in the namespace are refused with these words; the real ones, see test/fixtures/pods/captured. */
const refused = (cluster: () => Embedded, namespace: string, why: string, times = 1): void => {
  const message = `pods "p" is forbidden: ${why}`;
  cluster().local.faults.http.answer(
    { verb: "create", resource: "pods", namespace },
    { code: 403, reason: "Forbidden", message },
    times,
  );
};

/** A namespace whose creates are refused before the first of them. */
const refusing = (cluster: () => Embedded, why: string, times?: number) => ({
  objects: (namespace: string) => {
    refused(cluster, namespace, why, times);
    return [];
  },
});

/** What takes a fault: the embedded cluster has neither a kernel's limits nor admission plugins. */
const faulty = (cluster: () => Embedded): FailureCase[] => [
  {
    what: "more memory than the limit, and the next try gets more",
    task: {
      pod: { ...sh('[ "$WINDLASS_TRY" = 2 ] || exec sleep 600'), resources: { limits: { memory: "32Mi" } } },
      retry: { retries: 1, delayMs: 0 },
      memoryGrowth: { factor: 1.5 },
    },
    async meanwhile({ runningPod }) {
      const { metadata } = await runningPod();
      cluster().local.faults.node.oomKill(metadata.namespace, metadata.name);
    },
    expect: { state: "success", code: "Completed", blame: "none", try: 2, first: "OOMKilled" },
  },
  {
    what: "a node under pressure",
    task: { pod: interrupted() },
    async meanwhile({ runningPod }) {
      const { metadata } = await runningPod();
      cluster().local.faults.node.evict(metadata.namespace, metadata.name);
    },
    expect: { state: "success", code: "Completed", blame: "none", infra: 1, first: "Disrupted" },
  },
  {
    what: "a pod of higher priority",
    task: { pod: interrupted(), retry: { infraRetries: 0 } },
    async meanwhile({ runningPod }) {
      const { metadata } = await runningPod();
      cluster().local.faults.node.preempt(metadata.namespace, metadata.name);
    },
    expect: { state: "failed", code: "Disrupted", blame: "infra", message: /PreemptionByScheduler/ },
  },
  {
    what: "a pod that is gone without a trace",
    task: { pod: interrupted() },
    async meanwhile({ runningPod }) {
      const { metadata } = await runningPod();
      cluster().local.faults.node.vanish(metadata.namespace, metadata.name);
    },
    expect: { state: "success", code: "Completed", blame: "none", infra: 1, first: "PodVanished" },
  },
  {
    what: "a secret that comes while the pod waits for it",
    task: { pod: { ...sh('[ "$GREETING" = hello ]'), env: { GREETING: { secret: "late", key: "word" } } } },
    async meanwhile({ hands, namespace, noted }) {
      await noted("CreateContainerConfigError");
      const metadata = { name: "late", namespace };
      await hands.create({ apiVersion: "v1", kind: "Secret", metadata, stringData: { word: "hello" } });
    },
    expect: { state: "success", code: "Completed", blame: "none" },
  },
  {
    what: "a full quota: the try waits, says why, and uses nothing up",
    task: {},
    ...refusing(cluster, "exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2"),
    meanwhile: ({ noted }) => noted("QuotaExceeded"),
    expect: { state: "success", code: "Completed", blame: "none" },
  },
  {
    what: "more than the LimitRange allows",
    task: { retry: { retries: 3 } },
    ...refusing(cluster, "maximum memory usage per Container is 64Mi, but limit is 256Mi"),
    expect: { state: "failed", code: "LimitRange", blame: "config", evidence: /is 64Mi/ },
  },
  {
    what: "less secure than the namespace's level",
    task: { retry: { retries: 3 } },
    ...refusing(cluster, 'violates PodSecurity "restricted:latest": host namespaces (hostNetwork=true)'),
    expect: { state: "failed", code: "PodSecurity", blame: "config", evidence: /hostNetwork=true/ },
  },
];

failuresContract("the embedded cluster", openEmbeddedCluster, faulty);
