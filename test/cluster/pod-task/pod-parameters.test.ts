import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { V1PersistentVolume, V1Pod } from "@kubernetes/client-node";
import { dag } from "#sdk/index.ts";
import type { PodOptions } from "#sdk/task-options.ts";
import { checks, outcomeOf, shell } from "../../support/pod-checks.ts";
import { openRealCluster, type RealCluster } from "../../support/real-cluster.ts";
import { until } from "../../support/until.ts";
import { withFleet } from "../../support/with-fleet.ts";

/** Parameters that need a kernel, a scheduler or a network to be seen working. */
describe("the parameters of a pod task on a real cluster", () => {
  it("scheduling: nodeSelector, affinity, tolerations, spread, priority, scheduler, runtime class, account and its token", () =>
    withFleet(openRealCluster, async (fleet, cluster) => {
      const id = `windlass-${randomBytes(4).toString("hex")}`;
      const { kubectl, namespace } = cluster;
      await cluster.create({ apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name: id }, value: 1_000 });
      await using _priority = { [Symbol.asyncDispose]: () => kubectl("delete", "priorityclass", id).then(() => undefined) };
      await cluster.create({ apiVersion: "node.k8s.io/v1", kind: "RuntimeClass", metadata: { name: id }, handler: "runc" });
      await using _runtime = { [Symbol.asyncDispose]: () => kubectl("delete", "runtimeclass", id).then(() => undefined) };
      await cluster.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "task" } });
      const options: PodOptions = {
        ...shell("[ -s /var/run/secrets/kubernetes.io/serviceaccount/token ] && sleep 1000"),
        nodeSelector: { "kubernetes.io/os": "linux" },
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: "type", operator: "NotIn", values: ["kwok"] }] }],
            },
          },
        },
        tolerations: [{ key: "special", operator: "Exists", effect: "NoSchedule" }],
        topologySpreadConstraints: [
          {
            maxSkew: 5,
            topologyKey: "kubernetes.io/hostname",
            whenUnsatisfiable: "ScheduleAnyway",
            labelSelector: { matchLabels: { team: "web" } },
          },
        ],
        priorityClassName: id,
        schedulerName: "default-scheduler",
        runtimeClassName: id,
        serviceAccount: "task",
        automountServiceAccountToken: true,
        labels: { team: "web" },
        annotations: { "example.com/note": "hello" },
      };
      const pod = await running(fleet, cluster, options);
      assert.equal(pod.metadata!.namespace, namespace);
      assert.deepEqual([pod.metadata!.labels!.team, pod.metadata!.annotations!["example.com/note"]], ["web", "hello"]);
      const { spec } = pod;
      assert.deepEqual(
        [spec!.nodeSelector, spec!.affinity, spec!.topologySpreadConstraints],
        [options.nodeSelector, options.affinity, options.topologySpreadConstraints],
      );
      assert.ok(spec!.tolerations!.some(({ key }) => key === "special"));
      assert.deepEqual(
        [spec!.priorityClassName, spec!.priority, spec!.schedulerName, spec!.runtimeClassName, spec!.serviceAccountName],
        [id, 1_000, "default-scheduler", id, "task"],
      );
    }));

  it("names: hostname, subdomain, hostAliases, dnsPolicy, dnsConfig, ports, shared processes", () =>
    withFleet(openRealCluster, async fleet => {
      const outcome = await outcomeOf(fleet, {
        ...shell(
          checks(
            '[ "$(hostname)" = box ]',
            "grep -q '10.9.8.7.*other.example' /etc/hosts",
            "grep -q 'box.team' /etc/hosts",
            "grep -q 'nameserver 10.1.2.3' /etc/resolv.conf",
            "grep -q 'search a.example' /etc/resolv.conf",
            "grep -q 'ndots:2' /etc/resolv.conf",
            // Process 1 is the pod's pause, not the task.
            '[ "$$" != 1 ]',
          ),
        ),
        hostname: "box",
        subdomain: "team",
        hostAliases: [{ ip: "10.9.8.7", hostnames: ["other.example"] }],
        dnsPolicy: "None",
        dnsConfig: { nameservers: ["10.1.2.3"], searches: ["a.example"], options: [{ name: "ndots", value: "2" }] },
        ports: [{ containerPort: 8_080, name: "http" }],
        shareProcessNamespace: true,
      });
      assert.match(outcome, /^Completed 0/);
    }));

  it("hostNetwork: the pod has the node's address", () =>
    withFleet(openRealCluster, async (fleet, cluster) => {
      const { status } = await running(fleet, cluster, {
        ...shell("sleep 1000"),
        hostNetwork: true,
        dnsPolicy: "ClusterFirstWithHostNet",
      });
      assert.equal(status!.podIP, status!.hostIP);
    }));

  it("the container: users, read-only root, working directory, lifecycle, pull policy and secrets, an ephemeral volume", () =>
    withFleet(openRealCluster, async (fleet, cluster) => {
      await using _volumes = { [Symbol.asyncDispose]: () => freeVolumes(cluster) };
      const outcome = await outcomeOf(fleet, {
        ...shell(
          checks(
            '[ "$(id -u):$(id -g)" = 1234:2345 ]',
            "id -G | grep -qw 3456",
            "! touch /no 2>/dev/null",
            '[ "$(pwd)" = /work ]',
            "touch /work/here",
            "for i in $(seq 50); do [ -e /work/hook ] && break; sleep 0.1; done",
            "[ -e /work/hook ]",
            "grep -q ' /big ' /proc/mounts",
          ),
        ),
        securityContext: { runAsUser: 1_234, runAsGroup: 2_345, fsGroup: 3_456 },
        containerSecurityContext: { readOnlyRootFilesystem: true },
        workingDir: "/work",
        lifecycle: { postStart: { exec: { command: ["touch", "/work/hook"] } } },
        imagePullPolicy: "IfNotPresent",
        imagePullSecrets: [{ name: "registry" }],
        mounts: [
          { path: "/work", source: { emptyDir: { sizeLimit: "16Mi" } } },
          {
            path: "/big",
            source: {
              ephemeral: {
                volumeClaimTemplate: {
                  spec: {
                    accessModes: ["ReadWriteOnce"],
                    storageClassName: "standard",
                    resources: { requests: { storage: "1Mi" } },
                  },
                },
              },
            },
          },
        ],
      });
      assert.match(outcome, /^Completed 0/);
    }));

  it("resources: the limits are the container's", () =>
    withFleet(openRealCluster, async fleet => {
      const limit = "cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null";
      const outcome = await outcomeOf(fleet, {
        ...shell(checks(`[ "$(${limit})" = ${64 * 2 ** 20} ]`)),
        resources: {
          requests: { cpu: "50m", memory: "32Mi" },
          limits: { cpu: "500m", memory: "64Mi", "ephemeral-storage": "64Mi" },
        },
      });
      assert.match(outcome, /^Completed 0/);
    }));

  it("activeDeadlineSeconds: the kubelet ends the pod", () =>
    withFleet(openRealCluster, async fleet => {
      assert.match(await outcomeOf(fleet, { ...shell("sleep 1000"), activeDeadlineSeconds: 2 }), /^DeadlineExceeded/);
    }));

  it("terminationMessagePolicy: 'File' leaves the log out of the pod", () =>
    withFleet(openRealCluster, async (fleet, cluster) => {
      const messageOf = async (policy: "File" | "FallbackToLogsOnError") => {
        const pod = await ended(fleet, cluster, {
          ...shell("echo from-the-log; exit 3"),
          terminationMessagePolicy: policy,
          onFinish: "keep",
        });
        return pod.status!.containerStatuses![0]!.state!.terminated!.message;
      };
      await Promise.all([fleet.scheduler(), fleet.worker()]);
      assert.equal(await messageOf("File"), undefined);
      assert.match((await messageOf("FallbackToLogsOnError"))!, /from-the-log/);
    }));
});

type Fleet = Parameters<typeof outcomeOf>[0];

/** The cluster's few volumes are kept after use; whoever comes next needs them free. */
async function freeVolumes({ kubectl, namespace }: RealCluster): Promise<void> {
  await kubectl("delete", "pods,persistentvolumeclaims", "--all", "--wait=true", "--timeout=60s");
  const volumes = JSON.parse(await kubectl("get", "persistentvolumes", "-o", "json")).items as V1PersistentVolume[];
  for (const { metadata, spec } of volumes) {
    if (spec?.claimRef?.namespace !== namespace) continue;
    await kubectl("patch", "persistentvolume", metadata!.name!, "-p", JSON.stringify({ spec: { claimRef: null } }));
  }
}

const podsOf = async ({ kubectl }: RealCluster): Promise<V1Pod[]> =>
  JSON.parse(await kubectl("get", "pods", "-o", "json")).items as V1Pod[];

/** The pod of the one task, once its container runs. */
async function running(fleet: Fleet, cluster: RealCluster, options: PodOptions): Promise<V1Pod> {
  await Promise.all([fleet.scheduler(), fleet.worker()]);
  await fleet.start(dag("one", {}, d => void d.pod("task", options)));
  const found = async () => (await podsOf(cluster)).find(({ status }) => status?.containerStatuses?.[0]?.state?.running);
  return until(found, { deadlineMs: 30_000, what: "a running pod" });
}

/** The kept pod of the one task, once the run has ended. */
async function ended(fleet: Fleet, cluster: RealCluster, options: PodOptions): Promise<V1Pod> {
  const id = `one-${randomBytes(3).toString("hex")}`;
  const run = await fleet.start(dag(id, {}, d => void d.pod("task", options)));
  await fleet.ended(run, 60_000);
  return (await podsOf(cluster)).find(({ metadata }) => metadata!.labels!["windlass.dev/dag"] === id)!;
}
