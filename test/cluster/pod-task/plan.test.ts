import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Kube, openKube } from "#kube/kube.ts";
import { type PodVerdict, planDag } from "#kube/plan/plan-dag.ts";
import { dag } from "#sdk/index.ts";
import type { PodOptions } from "#sdk/task-options.ts";
import { openRealCluster, type RealCluster } from "../../support/real-cluster.ts";

const image = "busybox:1.36";

describe("the plan of a DAG on a real cluster", () => {
  let cluster: RealCluster;
  let kube: Kube;
  let dir: string;

  before(async () => {
    cluster = await openRealCluster();
    dir = mkdtempSync(join(tmpdir(), "windlass-plan-"));
    writeFileSync(join(dir, "kubeconfig"), cluster.kubeconfig, { mode: 0o600 });
    kube = await openKube({ kubeconfig: join(dir, "kubeconfig") });
  });
  after(async () => {
    await kube.close();
    await cluster.close();
    rmSync(dir, { recursive: true });
  });

  const plan = async (tasks: Record<string, PodOptions>, podDefaults = {}) => {
    const spec = dag("planned", { podDefaults }, d => {
      for (const [id, options] of Object.entries(tasks)) d.pod(id, options);
    });
    const plans = await planDag({ spec, settings: { defaultNamespace: cluster.namespace, instance: "plan" }, kube });
    return new Map(plans.map(({ taskId, verdict }) => [taskId, verdict!]));
  };
  const refusal = (verdict: PodVerdict | undefined) => {
    assert.ok(verdict?.accepted === false, `refused: ${JSON.stringify(verdict)}`);
    return verdict;
  };

  it("accepts what would run, and creates nothing", async () => {
    const verdicts = await plan({
      a: { image },
      b: { image, initContainers: [{ name: "init", image }], mounts: [{ path: "/x", source: { emptyDir: {} } }] },
    });
    assert.deepEqual(Object.fromEntries(verdicts), { a: { accepted: true, warnings: [] }, b: { accepted: true, warnings: [] } });
    assert.deepEqual((await kube.listPods(cluster.namespace)).pods, []);
  });

  it("names task, layer and line of a wrong value, of a field this server does not know, and of a wrong reference", async () => {
    const verdicts = await plan(
      {
        limits: { image, resources: { requests: { memory: "2Gi" }, limits: { memory: "1Gi" } } },
        newer: { image, podOverride: { spec: { schedulingGroup: { podGroupName: "x" } } } },
        mount: { image, volumeMounts: [{ name: "nowhere", mountPath: "/x" }] },
        label: { image, labels: { "not a label": "x" } },
      },
      { spec: { hostAliases: [{ ip: "no address", hostnames: ["x"] }] } },
    );
    const limits = refusal(verdicts.get("limits"));
    assert.equal(limits.code, "Invalid");
    assert.match(limits.origin, /set by resources\.requests\S* of task 'limits' \(plan\.test\.ts:\d+\)/);
    assert.match(limits.origin, /set by podDefaults\.spec\.hostAliases\[no address\]\.ip of the DAG \(plan\.test\.ts:\d+\)/);
    const newer = refusal(verdicts.get("newer"));
    assert.equal(newer.code, "Rejected");
    assert.match(newer.message, /unknown field "spec\.schedulingGroup"/);
    assert.match(newer.origin, /set by podOverride\.spec\.schedulingGroup\S* of task 'newer'/);
    assert.match(refusal(verdicts.get("mount")).origin, /set by volumeMounts\[\/x\]\.name of task 'mount'/);
    assert.match(refusal(verdicts.get("label")).origin, /^set by labels\[not a label\] of task 'label' \S+; set by podDefaults/);
  });

  it("hears limit ranges, quotas and PodSecurity, and what they would only warn of", async () => {
    const namespaced = async (
      test: (plan: (tasks: Record<string, PodOptions>) => ReturnType<typeof planIn>) => Promise<void>,
      setUp: (own: RealCluster) => Promise<unknown>,
    ) => {
      const own = await openRealCluster();
      await using _own = { [Symbol.asyncDispose]: () => own.close() };
      await setUp(own);
      await test(tasks => planIn(own, tasks));
    };
    const planIn = async (own: RealCluster, tasks: Record<string, PodOptions>) => {
      const spec = dag("planned", {}, d => {
        for (const [id, options] of Object.entries(tasks)) d.pod(id, options);
      });
      const plans = await planDag({ spec, settings: { defaultNamespace: own.namespace, instance: "plan" }, kube });
      return new Map(plans.map(({ taskId, verdict }) => [taskId, verdict!]));
    };

    await namespaced(
      async plan => {
        const verdicts = await plan({
          large: { image, resources: { limits: { memory: "2Gi" } } },
          small: { image, resources: { limits: { memory: "64Mi" } } },
        });
        const large = refusal(verdicts.get("large"));
        assert.equal(large.code, "LimitRange");
        assert.match(large.origin, /set by resources\.limits\[memory\] of task 'large'/);
        assert.equal(verdicts.get("small")?.accepted, true);
      },
      own =>
        own.create({
          apiVersion: "v1",
          kind: "LimitRange",
          metadata: { name: "l" },
          spec: { limits: [{ type: "Container", max: { memory: "1Gi" } }] },
        }),
    );

    await namespaced(
      async plan => {
        const full = refusal((await plan({ any: { image } })).get("any"));
        assert.equal(full.code, "QuotaExceeded");
        assert.match(full.message, /exceeded quota: q/);
        assert.equal(full.origin, "");
      },
      async own => {
        await own.create({
          apiVersion: "v1",
          kind: "ResourceQuota",
          metadata: { name: "q" },
          spec: { hard: { "count/pods": "0" } },
        });
        await own.kubectl("wait", "--for=jsonpath={.status.hard}", "resourcequota/q", "--timeout=20s");
      },
    );

    await namespaced(
      async plan => {
        const verdicts = await plan({
          root: { image, containerSecurityContext: { runAsNonRoot: false, allowPrivilegeEscalation: true } },
          host: {
            image,
            hostNetwork: true,
            sidecars: [{ name: "side", image, securityContext: { capabilities: { add: ["NET_ADMIN"] } } }],
          },
          plain: {
            image,
            initContainers: [{ name: "init", image }],
            sidecars: [{ name: "side", image }],
            extraContainers: [{ name: "extra", image }],
          },
        });
        const root = refusal(verdicts.get("root"));
        assert.equal(root.code, "PodSecurity");
        assert.match(root.origin, /set by containerSecurityContext\.allowPrivilegeEscalation of task 'root'/);
        assert.match(root.origin, /set by containerSecurityContext\.runAsNonRoot of task 'root'/);
        const host = refusal(verdicts.get("host"));
        assert.match(host.origin, /set by hostNetwork of task 'host'/);
        assert.match(host.origin, /set by initContainers\[side\]\.securityContext\.capabilities\S* of task 'host'/);
        assert.deepEqual(
          verdicts.get("plain"),
          { accepted: true, warnings: [] },
          "the defaults are fit for 'restricted', for every kind of container",
        );
      },
      own => own.kubectl("label", "namespace", own.namespace, "pod-security.kubernetes.io/enforce=restricted"),
    );

    await namespaced(
      async plan => {
        const verdict = (await plan({ host: { image, hostNetwork: true } })).get("host");
        assert.ok(verdict?.accepted);
        assert.match(verdict.warnings.join(), /would violate PodSecurity "restricted:latest": .*hostNetwork=true/);
      },
      own => own.kubectl("label", "namespace", own.namespace, "pod-security.kubernetes.io/warn=restricted"),
    );
  });
});
