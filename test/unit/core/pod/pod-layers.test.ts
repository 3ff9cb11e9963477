import assert from "node:assert/strict";
import { layerProblems } from "#core/pod/check-layers.ts";
import { optionPath } from "#core/pod/option-path.ts";
import { layersOfTask, layPod, type PodLayer, type PodLayerName } from "#core/pod/pod-layers.ts";
import { PodSpec } from "#core/pod/pod-spec.ts";
import { parsePodYaml } from "#core/pod/pod-yaml.ts";
import { Provenance } from "#core/pod/provenance.ts";

const laid = (pod: Partial<PodSpec>, podDefaults?: object) => {
  const { pod: out, origins } = layPod(layersOfTask(PodSpec.parse({ image: "a", ...pod }), podDefaults));
  return { pod: out, spec: out.spec as Record<string, never>, provenance: Provenance.of(out, origins) };
};
const REQUESTS = { requests: { cpu: "100m", memory: "128Mi" } };
const SECURITY = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };

describe("layPod", () => {
  it("gives every container the defaults that PodSecurity 'restricted' wants", () => {
    const { spec } = laid({
      initContainers: [{ name: "i", image: "b", resources: { limits: { memory: "1Gi" } } }],
      sidecars: [{ name: "s", image: "c", securityContext: { allowPrivilegeEscalation: true } }],
      extraContainers: [{ name: "e", image: "d" }],
    });
    const terminationMessagePolicy = "FallbackToLogsOnError";
    assert.deepEqual(spec.initContainers, [
      {
        name: "i",
        image: "b",
        securityContext: SECURITY,
        terminationMessagePolicy,
        resources: { requests: { cpu: "100m" }, limits: { memory: "1Gi" } },
      },
      {
        name: "s",
        image: "c",
        restartPolicy: "Always",
        securityContext: { ...SECURITY, allowPrivilegeEscalation: true },
        terminationMessagePolicy,
        resources: REQUESTS,
      },
    ]);
    assert.deepEqual(spec.containers, [
      { name: "main", image: "a", securityContext: SECURITY, terminationMessagePolicy, resources: REQUESTS },
      { name: "e", image: "d", securityContext: SECURITY, terminationMessagePolicy, resources: REQUESTS },
    ]);
  });

  it("lets a layer take a default away", () => {
    const { spec } = laid({
      podOverride: { spec: { securityContext: { runAsUser: null, fsGroup: 5 }, terminationGracePeriodSeconds: null } },
    });
    assert.deepEqual(spec.securityContext, {
      runAsNonRoot: true,
      runAsGroup: 65_532,
      fsGroup: 5,
      seccompProfile: { type: "RuntimeDefault" },
    });
    assert.equal("terminationGracePeriodSeconds" in spec, false);
  });

  it("makes volume and mount of a mount, read-only where nothing could be written", () => {
    const { spec } = laid({
      volumes: [{ name: "v", emptyDir: {} }],
      volumeMounts: [{ name: "v", mountPath: "/v" }],
      mounts: [
        { path: "/etc/tls", source: { secret: { secretName: "tls" } } },
        { path: "/scratch", source: { emptyDir: {} }, name: "scratch" },
        { path: "/Etc_TLS", source: { configMap: { name: "c" } }, subPath: "x", readOnly: false },
      ],
    });
    const volumes = spec.volumes as unknown as { name: string }[];
    assert.deepEqual(volumes.map(({ name }) => name).slice(0, 3), ["v", "mount-etc-tls", "scratch"]);
    assert.match(volumes[3]!.name, /^mount-etc-tls-[a-z2-7]{6}$/, "paths that look alike have volumes of their own");
    const [main] = spec.containers as unknown as { volumeMounts: object[] }[];
    assert.deepEqual(main!.volumeMounts, [
      { name: "v", mountPath: "/v" },
      { name: "mount-etc-tls", mountPath: "/etc/tls", readOnly: true },
      { name: "scratch", mountPath: "/scratch" },
      { name: volumes[3]!.name, mountPath: "/Etc_TLS", subPath: "x" },
    ]);
  });

  it("tells which layer set what", () => {
    const { provenance } = laid(
      {
        env: { A: "task", B: "task" },
        labels: { team: "web" },
        podTemplate: { spec: { priorityClassName: "low", containers: [{ name: "main", env: [{ name: "T", value: "t" }] }] } },
        podOverride: { spec: { priorityClassName: "high", containers: [{ name: "main", env: [{ name: "B", value: "over" }] }] } },
      },
      { metadata: { labels: { team: "x", unit: "y" } } },
    );
    const layers: Record<string, PodLayerName | undefined> = {
      "metadata.labels[team]": "task",
      "metadata.labels[unit]": "podDefaults",
      "spec.priorityClassName": "podOverride",
      "spec.terminationGracePeriodSeconds": "default",
      "spec.securityContext.runAsUser": "default",
      "spec.containers[0].image": "task",
      "spec.containers[0].env[0].value": "podTemplate",
      "spec.containers[0].env[1].value": "task",
      "spec.containers[0].env[2].value": "podOverride",
      "spec.containers[0].env[2].name": "podOverride",
      "spec.containers[0].resources.requests[cpu]": "default",
    };
    const json: Record<string, PodLayerName> = provenance.toJSON();
    // The name in a patch only says which item is meant; it is the patch that said it last.
    for (const [path, layer] of Object.entries(layers)) assert.equal(json[path], layer, path);
    assert.deepEqual(
      provenance.at("spec.containers[0].env[2]").map(({ name }) => name),
      ["spec.containers[main].env[B].name", "spec.containers[main].env[B].value"],
    );
    assert.deepEqual(provenance.at("spec.nothing"), []);
  });
});

describe("optionPath", () => {
  const ROWS: readonly (readonly [PodLayerName, string, string])[] = [
    ["task", "metadata.labels[team]", "labels[team]"],
    ["task", "spec.containers[main].image", "image"],
    ["task", "spec.containers[main].env[A].value", "env[A]"],
    ["task", "spec.containers[main].env[A].valueFrom.secretKeyRef.key", "env[A]"],
    ["task", "spec.containers[main].securityContext.runAsUser", "containerSecurityContext.runAsUser"],
    ["task", "spec.securityContext.runAsUser", "securityContext.runAsUser"],
    ["task", "spec.serviceAccountName", "serviceAccount"],
    ["task", "spec.containers[main].resources.limits[memory]", "resources.limits[memory]"],
    ["task", "spec.initContainers[i].image", "initContainers[i].image"],
    ["podOverride", "spec.priority", "podOverride.spec.priority"],
    ["runOverride", "spec.containers[main].resources.limits[memory]", "override.resources.limits[memory]"],
    ["podDefaults", "spec.priority", "podDefaults.spec.priority"],
    ["installation", "spec.priority", "spec.priority"],
  ];
  for (const [layer, path, option] of ROWS)
    it(`${layer}: ${path} is ${option}`, () => assert.equal(optionPath(layer, path), option));
});

describe("layerProblems", () => {
  const ROWS: readonly (readonly [title: string, patch: object, pointer: string | undefined])[] = [
    [
      "a whole pod as kubectl writes it",
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { creationTimestamp: null, labels: { a: "b" } },
        spec: { restartPolicy: "Never" },
      },
      undefined,
    ],
    ["another kind", { kind: "Job" }, "/podOverride/kind"],
    ["a status", { status: {} }, "/podOverride/status"],
    ["a namespace", { metadata: { namespace: "x" } }, "/podOverride/metadata/namespace"],
    ["a finalizer", { metadata: { finalizers: ["x"] } }, "/podOverride/metadata/finalizers"],
    [
      "our annotation",
      { metadata: { annotations: { "windlass.dev/key": "x" } } },
      "/podOverride/metadata/annotations/windlass.dev~1key",
    ],
    ["ephemeral containers", { spec: { ephemeralContainers: [] } }, "/podOverride/spec/ephemeralContainers"],
    [
      "the message's path",
      { spec: { containers: [{ name: "main", terminationMessagePath: "/x" }] } },
      "/podOverride/spec/containers/main/terminationMessagePath",
    ],
    [
      "the message's own path",
      { spec: { containers: [{ name: "main", terminationMessagePath: "/dev/termination-log" }] } },
      undefined,
    ],
    ["another container's message path", { spec: { containers: [{ name: "side", terminationMessagePath: "/x" }] } }, undefined],
    [
      "the task taken away",
      { spec: { containers: [{ name: "main", $patch: "delete" }] } },
      "/podOverride/spec/containers/main/$patch",
    ],
    [
      "our variable",
      { spec: { containers: [{ name: "main", env: [{ name: "WINDLASS_TRY", value: "1" }] }] } },
      "/podOverride/spec/containers/main/env/WINDLASS_TRY",
    ],
  ];
  for (const [title, patch, pointer] of ROWS) {
    it(`${pointer === undefined ? "accepts" : "refuses"} ${title}`, () =>
      assert.deepEqual(
        layerProblems([{ name: "podOverride", patch }]).map(problem => problem.pointer),
        pointer === undefined ? [] : [pointer],
      ));
  }

  it("lets a single pod's override say what the options of a task can, and no more", () => {
    const layers: PodLayer[] = [
      {
        name: "podOverride",
        patch: {
          metadata: { labels: { a: "b" } },
          spec: {
            hostPID: true,
            nodeSelector: {},
            containers: [{ name: "main", image: "x", livenessProbe: {} }],
            initContainers: [{ name: "s", restartPolicy: "Always" }],
          },
        },
      },
    ];
    const pointers = (isAdHoc: boolean) => layerProblems(layers, undefined, isAdHoc).map(({ pointer }) => pointer);
    assert.deepEqual(pointers(true), ["/podOverride/spec/hostPID", "/podOverride/spec/containers/main/livenessProbe"]);
    assert.deepEqual(pointers(false), []);
  });
});

describe("parsePodYaml", () => {
  it("reads a pod, with anchors", () => {
    const parsed = parsePodYaml(
      "spec:\n  nodeSelector: &a {disk: ssd}\n  containers:\n  - {name: main, resources: {limits: {memory: 1Gi}}}\n",
    );
    assert.deepEqual(parsed, {
      patch: {
        spec: { nodeSelector: { disk: "ssd" }, containers: [{ name: "main", resources: { limits: { memory: "1Gi" } } }] },
      },
    });
  });

  const WRONG: readonly (readonly [title: string, text: string, line: number, message: RegExp])[] = [
    ["no YAML", "spec: [\n", 2, /Flow sequence/],
    ["a list", "- a\n", 1, /expected object, got list/],
    ["an unknown field", "spec:\n  a: 1\n", 2, /^spec: unknown field 'a'/],
    ["a wrong value", "spec:\n  containers:\n  - name: 5\n", 3, /^spec\.containers\.0\.name: expected string/],
    ["nothing", "", 1, /expected object, got null/],
  ];
  for (const [title, text, line, message] of WRONG) {
    it(`refuses ${title}, with the line`, () => {
      const parsed = parsePodYaml(text);
      assert.ok("problems" in parsed);
      assert.match(parsed.problems[0]!.message, message);
      assert.equal(parsed.problems[0]!.line ?? 1, line);
    });
  }
});
