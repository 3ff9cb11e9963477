import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PodSpec } from "#core/pod/pod-spec.ts";
import { configMap, dag, fieldRef, plain, resourceFieldRef, secret, serviceAccountToken } from "#sdk/index.ts";
import { DagError } from "#sdk/problem.ts";
import type { PodOptions } from "#sdk/task-options.ts";

const podOf = (options: Partial<PodOptions>, head: Parameters<typeof dag>[1] = {}): PodSpec => {
  const [task] = dag("d", head, d => void d.pod("p", { image: "a", ...options })).tasks;
  assert.ok(task?.operator === "pod");
  return task.pod;
};

describe("references", () => {
  const ROWS: readonly (readonly [title: string, made: unknown, expected: unknown])[] = [
    ["secret.env", secret.env("db", "password"), { secret: "db", key: "password" }],
    ["secret, its short form", secret("db", "password"), { secret: "db", key: "password" }],
    ["secret.env, optional", secret.env("db", "password", { optional: true }), { secret: "db", key: "password", optional: true }],
    ["secret.envFrom", secret.envFrom("db"), { secretRef: { name: "db" } }],
    ["secret.envFrom with a prefix", secret.envFrom("db", "DB_"), { prefix: "DB_", secretRef: { name: "db" } }],
    ["secret.file", secret.file("tls", { path: "/etc/tls" }), { path: "/etc/tls", source: { secret: { secretName: "tls" } } }],
    [
      "secret.file with everything",
      secret.file("tls", { path: "/etc/tls", items: { "tls.key": "key.pem" }, mode: 0o400, optional: true }),
      {
        path: "/etc/tls",
        source: {
          secret: { secretName: "tls", items: [{ key: "tls.key", path: "key.pem" }], defaultMode: 0o400, optional: true },
        },
      },
    ],
    ["configMap.env", configMap.env("c", "k"), { configMapKeyRef: { name: "c", key: "k" } }],
    ["configMap, its short form", configMap("c", "k"), { configMapKeyRef: { name: "c", key: "k" } }],
    ["configMap.envFrom", configMap.envFrom("c"), { configMapRef: { name: "c" } }],
    ["configMap.file", configMap.file("c", { path: "/c" }), { path: "/c", source: { configMap: { name: "c" } } }],
    ["fieldRef", fieldRef("spec.nodeName"), { fieldRef: { fieldPath: "spec.nodeName" } }],
    [
      "resourceFieldRef",
      resourceFieldRef("limits.memory", { divisor: "1Mi", container: "side" }),
      { resourceFieldRef: { resource: "limits.memory", divisor: "1Mi", containerName: "side" } },
    ],
    [
      "serviceAccountToken",
      serviceAccountToken({ audience: "vault", path: "/run/vault/token" }),
      {
        path: "/run/vault",
        source: {
          projected: { sources: [{ serviceAccountToken: { path: "token", expirationSeconds: 3_600, audience: "vault" } }] },
        },
      },
    ],
  ];
  for (const [title, made, expected] of ROWS) it(title, () => assert.deepEqual(made, expected));
});

describe("the pod of a task, as it is written", () => {
  it("keeps Kubernetes' fields as they are", () => {
    const options: Partial<PodOptions> = {
      envFrom: [secret.envFrom("s")],
      affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "zone" }] } },
      hostAliases: [{ ip: "10.0.0.1", hostnames: ["x"] }],
      dnsConfig: { nameservers: ["1.1.1.1"] },
      securityContext: { runAsUser: 0 },
      containerSecurityContext: { privileged: false },
      ports: [{ containerPort: 80 }],
      lifecycle: { preStop: { sleep: { seconds: 1 } } },
      volumes: [{ name: "v", csi: { driver: "secrets-store.csi.k8s.io", readOnly: true } }],
      mounts: [{ path: "/scratch", source: { emptyDir: {} }, name: "scratch" }],
      imagePullSecrets: [{ name: "r" }],
    };
    assert.deepEqual(podOf(options), { image: "a", ...options });
  });

  it("writes the variables and words of other containers in Kubernetes' way", () => {
    const { initContainers } = podOf({
      initContainers: [
        { name: "i", image: "b", args: [plain("--token=none")], env: { A: "1", B: secret("s", "k"), TOKEN: plain("none") } },
      ],
    });
    assert.deepEqual(initContainers, [
      {
        name: "i",
        image: "b",
        args: ["--token=none"],
        env: [
          { name: "A", value: "1" },
          { name: "B", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
          { name: "TOKEN", value: "none" },
        ],
      },
    ]);
  });

  it("lets a plain word pass that looks like a secret", () => {
    assert.deepEqual(podOf({ command: ["run", plain("--password=none")] }).command, ["run", "--password=none"]);
  });

  it("keeps what a function did to the pod, and only that", () => {
    const { podOverride } = podOf(
      {
        initContainers: [{ name: "i", image: "b" }],
        podOverride: pod => {
          assert.equal(pod.spec.priorityClassName, "batch", "the DAG's defaults are there");
          assert.equal(pod.spec.containers[0]!.image, "a", "and the task's own fields");
          pod.spec.containers[0]!.stdin = true;
          delete pod.spec.securityContext!.runAsUser;
          pod.spec.initContainers!.unshift({ name: "first", image: "c" });
          return pod;
        },
      },
      { podDefaults: { spec: { priorityClassName: "batch" } } },
    );
    assert.deepEqual(podOverride, {
      spec: {
        securityContext: { runAsUser: null },
        containers: [{ name: "main", stdin: true }],
        initContainers: [{ name: "first", image: "c" }],
        "$setElementOrder/initContainers": [{ name: "first" }, { name: "i" }],
      },
    });
  });

  it("reads a template from a YAML file beside the DAG file", () => {
    const template = { spec: { priorityClassName: "gpu" } };
    const read = podOf({ podTemplate: "../../fixtures/dags/good/pods/gpu.yaml" }).podTemplate;
    assert.equal(read?.spec?.priorityClassName, template.spec.priorityClassName);
    assert.deepEqual(podOf({ podTemplate: template }).podTemplate, template);
  });

  it("keeps the DAG's podDefaults once, not in every task", () => {
    const podDefaults = { metadata: { labels: { team: "web" } } };
    const spec = dag("d", { podDefaults }, d => void d.pod("p", { image: "a" }));
    assert.deepEqual(spec.podDefaults, podDefaults);
    assert.equal(JSON.stringify(spec.tasks).includes("team"), false);
  });
});

describe("what is refused of a pod, with the line", () => {
  const HERE = /^pod-options\.test\.ts:\d+: task 'p': /;
  const ROWS: readonly (readonly [title: string, options: Record<string, unknown>, code: string, message: RegExp])[] = [
    [
      "an unknown field",
      { affinity: { nodeAffinty: {} } },
      "WL_DAG_TYPE",
      /option affinity: unknown field 'nodeAffinty'; did you mean 'nodeAffinity'\?/,
    ],
    [
      "an unknown field deep inside",
      { volumes: [{ name: "v", secret: { name: "s" } }] },
      "WL_DAG_TYPE",
      /option volumes\.0\.secret: unknown field 'name'/,
    ],
    [
      "a wrong type",
      { sidecars: [{ name: "s", image: 5 }] },
      "WL_DAG_TYPE",
      /option sidecars\.0\.image: expected string, got number/,
    ],
    ["an unknown word", { imagePullPolicy: "Alwyas" }, "WL_DAG_TYPE", /option imagePullPolicy: expected "Always" or/],
    [
      "an unknown word in a patch",
      { podOverride: { spec: { dnsPolicy: "ClusterFrist" } } },
      "WL_DAG_TYPE",
      /option podOverride\.spec\.dnsPolicy: unknown word; did you mean 'ClusterFirst'\?/,
    ],
    [
      "a strange quantity",
      { volumes: [{ name: "v", emptyDir: { sizeLimit: "1Gx" } }] },
      "WL_DAG_TYPE",
      /sizeLimit: expected quantity/,
    ],
    [
      "a patch item without its key",
      { podOverride: { spec: { containers: [{ image: "x" }] } } },
      "WL_DAG_TYPE",
      /containers\.0: needs 'name'/,
    ],
    ["a relative mount", { mounts: [{ path: "etc", source: {} }] }, "WL_DAG_TYPE", /mounts\.0\.path: must be an absolute path/],
    [
      "the pod's name",
      { podOverride: { metadata: { name: "x" } } },
      "WL_POD_PROTECTED",
      /the task's podOverride sets the protected field podOverride\.metadata\.name: Windlass computes it/,
    ],
    [
      "our labels",
      { labels: { "windlass.dev/dag": "x" } },
      "WL_POD_PROTECTED",
      /the task sets the protected field labels\[windlass\.dev\/dag\]/,
    ],
    [
      "our variables, by a function",
      {
        podOverride: (pod: { spec: { containers: { env?: object[] }[] } }) => {
          pod.spec.containers[0]!.env = [{ name: "WINDLASS_TRY", value: "9" }];
          return pod;
        },
      },
      "WL_POD_PROTECTED",
      /env\[WINDLASS_TRY\]/,
    ],
    [
      "another restart policy",
      { podTemplate: { spec: { restartPolicy: "OnFailure" } } },
      "WL_POD_PROTECTED",
      /podTemplate\.spec\.restartPolicy: .*'retries'/,
    ],
    ["a node by its name", { podOverride: { spec: { nodeName: "n" } } }, "WL_POD_PROTECTED", /podOverride\.spec\.nodeName/],
    [
      "a deadline behind ours",
      { timeout: "1m", activeDeadlineSeconds: 99_999 },
      "WL_POD_PROTECTED",
      /activeDeadlineSeconds: with this timeout it is at most 1320/,
    ],
    [
      "a secret in an init container",
      { initContainers: [{ name: "i", env: { DB_PASSWORD: "x" } }] },
      "WL_DAG_LITERAL_SECRET",
      /initContainers\.0\.env\.DB_PASSWORD looks like a secret/,
    ],
    [
      "a secret in Kubernetes' form of a variable",
      { sidecars: [{ name: "s", env: [{ name: "API_KEY", value: "x" }] }] },
      "WL_DAG_LITERAL_SECRET",
      /sidecars\.0\.env\.API_KEY/,
    ],
    [
      "a secret as an argument",
      { args: ["--user", "x", "--password", "y"] },
      "WL_DAG_LITERAL_SECRET",
      /args\.2 looks like a secret/,
    ],
    ["a secret as an argument with =", { command: ["run", "--api-key=y"] }, "WL_DAG_LITERAL_SECRET", /command\.1/],
    [
      "a secret in a hook's command",
      { lifecycle: { preStop: { exec: { command: ["DB_PASSWORD=x"] } } } },
      "WL_DAG_LITERAL_SECRET",
      /lifecycle\.preStop\.exec\.command\.0/,
    ],
    ["a secret in a script", { args: [`curl -H 'x: ghp_${"aB3".repeat(12)}'`] }, "WL_DAG_LITERAL_SECRET", /GitHub token/],
    [
      "a secret in an override",
      { podOverride: { spec: { containers: [{ name: "main", env: [{ name: "TOKEN", value: "x" }] }] } } },
      "WL_DAG_LITERAL_SECRET",
      /podOverride\.spec\.containers\.0\.env\.TOKEN/,
    ],
    [
      "a secret by a function",
      {
        podOverride: (pod: { spec: { containers: { args?: string[] }[] } }) => {
          pod.spec.containers[0]!.args = ["--token=x"];
          return pod;
        },
      },
      "WL_DAG_LITERAL_SECRET",
      /podOverride\.spec\.containers\.0\.args\.0/,
    ],
    ["a template that is not there", { podTemplate: "nowhere.yaml" }, "WL_DAG_TYPE", /podTemplate: nowhere\.yaml cannot be read/],
  ];
  for (const [title, options, code, message] of ROWS) {
    it(title, () =>
      assert.throws(
        () => podOf(options as Partial<PodOptions>),
        (error: unknown) => {
          assert.ok(error instanceof DagError);
          assert.deepEqual([error.code, error.problems.length], [code, 1], error.message);
          assert.match(error.message, HERE);
          assert.match(error.message, message);
          return true;
        },
      ),
    );
  }

  const HARMLESS: readonly (readonly [title: string, options: Partial<PodOptions>])[] = [
    ["a flag whose value comes from a variable", { args: ["--password", "$(PASSWORD)", "--token=$TOKEN"] }],
    ["a flag without a value", { args: ["--password", "--verbose"] }],
    ["code that speaks of tokens", { args: ["tokens = 5; max_token=5"] }],
    ["a label called env", { labels: { env: "prod" } }],
  ];
  for (const [title, options] of HARMLESS) it(`but not ${title}`, () => assert.ok(podOf(options)));

  it("mistakes in a template, with the template's file and line", () => {
    const dir = mkdtempSync(join(tmpdir(), "windlass-template-"));
    try {
      writeFileSync(join(dir, "bad.yaml"), "kind: Pod\nspec:\n  containers:\n  - name: main\n    imge: x\n");
      assert.throws(
        () => podOf({ podTemplate: join(dir, "bad.yaml") }),
        /^WindlassError: bad\.yaml:5: task 'p': spec\.containers\.0: unknown field 'imge'; did you mean 'image'\?/,
      );
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it("mistakes in the DAG's podDefaults", () => {
    assert.throws(
      () => podOf({}, { podDefaults: { metadata: { namespace: "x" } } }),
      /the DAG's podDefaults sets the protected field podDefaults\.metadata\.namespace/,
    );
    assert.throws(
      () => podOf({}, { podDefaults: { spec: { containers: [{ name: "main", args: ["--password=x"] }] } } }),
      /podDefaults\.spec\.containers\.0\.args\.0 looks like a secret/,
    );
  });
});

describe("what does not compile", () => {
  const WRONG: readonly Partial<PodOptions>[] = [
    // @ts-expect-error a field that Kubernetes does not have
    { affinity: { nodeAffinty: {} } },
    // @ts-expect-error a volume's source without its name
    { volumes: [{ name: "v", secret: { secretNme: "s" } }] },
    // @ts-expect-error a container's field of another type
    { initContainers: [{ name: "i", image: 5 }] },
    // @ts-expect-error a part of a pod that does not exist
    { podOverride: { spec: { hostNetwrk: true } } },
    // @ts-expect-error a template's field of another type
    { podTemplate: { spec: { containers: [{ name: "main", tty: "yes" }] } } },
  ];
  for (const options of WRONG)
    it(`does not load either: ${Object.keys(options)}`, () => assert.throws(() => podOf(options), DagError));
});
