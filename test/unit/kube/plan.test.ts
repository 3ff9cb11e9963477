import assert from "node:assert/strict";
import { parse } from "yaml";
import { WindlassError } from "#core/errors.ts";
import { originText, refusedFields } from "#kube/explain-refusal.ts";
import type { Kube } from "#kube/kube.ts";
import { KubeError } from "#kube/kube-error.ts";
import { planDag } from "#kube/plan/plan-dag.ts";
import { renderManifest, renderYaml } from "#kube/plan/render-manifest.ts";
import { type DagOptions, dag, type PodOptions } from "#sdk/index.ts";

const settings = { defaultNamespace: "tasks", instance: "prod", template: { spec: { priorityClassName: "site" } } };

const dagOf = (tasks: Record<string, Partial<PodOptions>>, head: DagOptions = {}) =>
  dag("sales", head, d => {
    for (const [id, options] of Object.entries(tasks)) d.pod(id, { image: "etl:1", ...options });
    d.empty("start");
  });

describe("renderManifest", () => {
  it("renders what a worker would send, without a run", () => {
    const { manifest } = renderManifest(
      dagOf({ load: {} }, { podDefaults: { metadata: { labels: { team: "web" } } } }),
      "load",
      settings,
    );
    assert.deepEqual([manifest.metadata.labels.team, manifest.spec.priorityClassName], ["web", "site"]);
    assert.match(manifest.metadata.name, /^sales-load-1-[a-z2-7]{10}$/);
  });

  it("refuses a task that is not there, or has no pod", () => {
    const unknown = (error: unknown) => error instanceof WindlassError && error.code === "WL_TASK_UNKNOWN";
    assert.throws(() => renderManifest(dagOf({ load: {} }), "lod", settings), unknown);
    assert.throws(() => renderManifest(dagOf({ load: {} }), "start", settings), unknown);
  });

  it("prints YAML that says behind every value where it comes from", () => {
    const spec = dagOf(
      { load: { command: ["sh", "-c", "a\nb\n"], podOverride: { spec: { hostNetwork: true } } } },
      { podDefaults: { spec: { dnsPolicy: "Default" } } },
    );
    const text = renderYaml(spec, "load", settings);
    assert.deepEqual(parse(text), renderManifest(spec, "load", settings).manifest);
    for (const line of [
      "  restartPolicy: Never # windlass",
      "  terminationGracePeriodSeconds: 30 # default",
      "  priorityClassName: site # installation",
      "  dnsPolicy: Default # podDefaults",
      "  hostNetwork: true # podOverride",
      "      image: etl:1 # task",
    ])
      assert.ok(text.split("\n").includes(line), `${line}\n${text}`);
    const bare = text.split("\n").filter(line => /^\s*(- )?[\w./"-]+: [^#|]+$/.test(line));
    assert.deepEqual(bare, [], "every value of one line has its comment");
  });
});

describe("planDag", () => {
  it("compares with another version, by names and not by positions", async () => {
    const before = dagOf({ same: {}, changed: { env: { B: "1" }, nodeSelector: { disk: "hdd" } }, gone: {} });
    const spec = dagOf({ same: {}, changed: { env: { A: "0", B: "2" } }, fresh: {} });
    const plans = await planDag({ spec, before, settings });
    assert.deepEqual(
      plans.map(({ taskId, change }) => [taskId, change]),
      [
        ["same", "same"],
        ["changed", "changed"],
        ["fresh", "added"],
        ["gone", "removed"],
      ],
    );
    assert.deepEqual(plans[1]!.differences, [
      { path: "spec.containers[main].env[A].name", after: "A", layer: "task" },
      { path: "spec.containers[main].env[A].value", after: "0", layer: "task" },
      { path: "spec.containers[main].env[B].value", before: "1", after: "2", layer: "task" },
      { path: "spec.nodeSelector[disk]", before: "hdd", layer: "task" },
    ]);
  });

  it("says nothing about changes without another version", async () => {
    const [plan] = await planDag({ spec: dagOf({ load: {} }), settings });
    assert.deepEqual([plan!.change, plan!.differences, plan!.verdict], [undefined, [], undefined]);
  });

  it("asks the cluster about every pod, and tells refusals from an absent cluster", async () => {
    const answers = new Map<string, () => string[]>([
      ["fine", () => ["a warning"]],
      [
        "wrong",
        () => {
          throw new KubeError({
            status: 400,
            reason: "BadRequest",
            message: 'strict decoding error: unknown field "spec.hostNetwork"',
          });
        },
      ],
      [
        "full",
        () => {
          throw new KubeError({
            status: 403,
            reason: "Forbidden",
            message: 'pods "x" is forbidden: exceeded quota: q, requested: pods=1',
          });
        },
      ],
    ]);
    const asked: string[] = [];
    const kube: Pick<Kube, "dryRunPod"> = {
      async dryRunPod(namespace, { metadata }) {
        const task = metadata.labels["windlass.dev/task"]!;
        asked.push(`${namespace} ${task}`);
        return answers.get(task)!();
      },
    };
    const spec = dagOf({ fine: {}, wrong: { hostNetwork: true }, full: {} });
    const verdicts = (await planDag({ spec, settings, kube })).map(({ verdict }) => verdict!);
    assert.deepEqual(asked.sort(), ["tasks fine", "tasks full", "tasks wrong"]);
    assert.deepEqual(verdicts[0], { accepted: true, warnings: ["a warning"] });
    assert.ok(!verdicts[1]!.accepted && !verdicts[2]!.accepted);
    assert.equal(verdicts[1]!.code, "Rejected");
    assert.match(verdicts[1]!.origin, /^set by hostNetwork of task 'wrong' \(plan\.test\.ts:\d+\)$/);
    assert.deepEqual([verdicts[2]!.code, verdicts[2]!.fields, verdicts[2]!.origin], ["QuotaExceeded", [], ""]);

    answers.set("fine", () => {
      throw KubeError.noAnswer("Network", "the connection failed");
    });
    await assert.rejects(planDag({ spec, settings, kube }), /the connection failed/);
  });

  it("tells of a task that cannot be rendered, and goes on", async () => {
    const { podDefaults: _, ...spec } = dagOf({ good: {}, bad: {} });
    const tasks = spec.tasks.map(task =>
      task.id === "bad" && task.operator === "pod"
        ? { ...task, pod: { ...task.pod, podOverride: { metadata: { name: "x" } } } }
        : task,
    );
    const plans = await planDag({ spec: { ...spec, tasks }, settings });
    assert.deepEqual(
      plans.map(({ problem }) => problem?.code),
      [undefined, "WL_POD_PROTECTED"],
    );
  });
});

/** Answers of a real API server, Kubernetes 1.34, 2026-11-24; names of pods and namespaces shortened. */
describe("refusedFields", () => {
  const pod: Partial<PodOptions> = {
    env: { A: "1" },
    hostNetwork: true,
    labels: { "not a label": "x" },
    resources: { requests: { memory: "2Gi" }, limits: { memory: "1Gi" } },
    containerSecurityContext: { allowPrivilegeEscalation: true },
    sidecars: [{ name: "side", image: "s", securityContext: { capabilities: { add: ["NET_ADMIN"] } } }],
    volumes: [{ name: "h", hostPath: { path: "/" } }],
    podOverride: { spec: { schedulingGroup: { podGroupName: "x" } } },
  };
  const { manifest, provenance } = renderManifest(dagOf({ load: pod }), "load", settings);
  const psa = 'pods "x" is forbidden: violates PodSecurity "restricted:latest": ';
  const ROWS: readonly (readonly [
    title: string,
    fields: { status: number; message: string; causes?: { field: string; message: string }[] },
    options: readonly (string | undefined)[],
  ])[] = [
    [
      "a cause with its field",
      {
        status: 422,
        message: "Pod is invalid",
        causes: [
          {
            field: "spec.containers[0].resources.requests",
            message: 'Invalid value: "2Gi": must be less than or equal to memory limit of 1Gi',
          },
        ],
      },
      ["resources.requests[memory]"],
    ],
    [
      "a cause that quotes a key",
      {
        status: 422,
        message: "Pod is invalid",
        causes: [{ field: "metadata.labels", message: 'Invalid value: "not a label": name part must consist of' }],
      },
      ["labels[not a label]"],
    ],
    [
      "a cause with a field that nobody set",
      { status: 422, message: "Pod is invalid", causes: [{ field: "spec.os", message: "Required value" }] },
      [undefined],
    ],
    [
      "an unknown field",
      {
        status: 400,
        message: 'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.schedulingGroup"',
      },
      ["podOverride.spec.schedulingGroup.podGroupName"],
    ],
    [
      "a wrong type",
      { status: 400, message: "json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool" },
      ["hostNetwork"],
    ],
    [
      "a limit range",
      { status: 403, message: 'pods "x" is forbidden: maximum memory usage per Container is 512Mi, but limit is 1Gi' },
      ["resources.limits[memory]"],
    ],
    [
      "PodSecurity about the pod",
      {
        status: 403,
        message: `${psa}host namespaces (hostNetwork=true), restricted volume types (volume "h" uses restricted volume type "hostPath")`,
      },
      ["hostNetwork", "volumes[h].hostPath.path"],
    ],
    [
      "PodSecurity about containers",
      {
        status: 403,
        message: `${psa}allowPrivilegeEscalation != false (container "main" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "side" must not include "NET_ADMIN" in securityContext.capabilities.add)`,
      },
      ["containerSecurityContext.allowPrivilegeEscalation", "initContainers[side].securityContext.capabilities.add[0]"],
    ],
    [
      "a quota, which is about no field",
      { status: 403, message: 'pods "x" is forbidden: exceeded quota: q, requested: pods=1' },
      [],
    ],
  ];
  for (const [title, { status, message, causes }, options] of ROWS) {
    it(title, () => {
      const error = new KubeError({
        status,
        reason: "Invalid",
        message,
        ...(causes === undefined ? {} : { details: { causes } }),
      });
      assert.deepEqual(
        refusedFields(error, manifest, provenance()).map(({ option }) => option),
        options,
      );
    });
  }

  it("has nothing to say about an error that is not the API server's", () =>
    assert.deepEqual(refusedFields(new Error("x"), manifest, provenance()), []));

  it("names what a lower layer has set", () => {
    const error = new KubeError({
      status: 422,
      reason: "Invalid",
      message: "x",
      details: { causes: [{ field: "spec.priorityClassName", message: "Invalid value" }] },
    });
    const task = { id: "load", source: { file: "/dags/sales.ts", line: 3 } };
    assert.equal(
      originText(refusedFields(error, manifest, provenance()), task),
      "spec.priorityClassName comes from the installation's pod template",
    );
  });
});
