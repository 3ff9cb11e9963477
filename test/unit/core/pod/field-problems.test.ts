import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fieldProblems } from "#core/pod/field-problems.ts";
import { generateObjectFields } from "#kube/generate-object-fields.ts";

const said = (value: unknown, type = "Pod", patch = false) =>
  fieldProblems(value, type, { patch }).map(({ path, message }) => `${path.join(".")}: ${message}`);

describe("fieldProblems", () => {
  it("knows the fields that the client library knows; else run node libs/kube/generate-object-fields.ts", () => {
    const file = new URL("../../../../libs/core/pod/object-fields.generated.json", import.meta.url);
    assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), generateObjectFields());
  });

  const WRONG: readonly (readonly [title: string, value: unknown, type: string, expected: readonly string[]])[] = [
    ["an unknown field", { spec: { contaners: [] } }, "Pod", ["spec: unknown field 'contaners'; did you mean 'containers'?"]],
    ["a field that every object has", { constructor: {} }, "Affinity", [": unknown field 'constructor'"]],
    ["an unknown field like nothing", { nonsense: 1 }, "Affinity", [": unknown field 'nonsense'"]],
    ["a list for an object", [], "Affinity", [": expected object, got list"]],
    ["an object for a list", {}, "[]Volume", [": expected list, got object"]],
    ["a null where a value belongs", { name: null }, "Volume", ["name: expected string, got null"]],
    ["text for a number", { runAsUser: "0" }, "SecurityContext", ["runAsUser: expected whole number, got string"]],
    ["a fraction", { fsGroup: 1.5 }, "PodSecurityContext", ["fsGroup: expected whole number, got number"]],
    [
      "a number too large for 32 bits",
      [{ containerPort: 2 ** 31 }],
      "[]ContainerPort",
      ["0.containerPort: expected whole number, got number"],
    ],
    ["a number for a label", { labels: { a: 1 } }, "ObjectMeta", ["labels.a: expected string, got number"]],
    [
      "a quantity that is none",
      { limits: { cpu: "1 core" } },
      "ResourceRequirements",
      ['limits.cpu: expected quantity such as "250m" or "512Mi", got string'],
    ],
    ["an unknown word", { operator: "Exist" }, "Toleration", ["operator: unknown word; did you mean 'Exists'?"]],
    ["a word like none", { effect: "Never" }, "Toleration", ["effect: expected NoSchedule or PreferNoSchedule or NoExecute"]],
    [
      "several mistakes at once",
      [{ nme: "a" }, { name: 5 }],
      "[]Container",
      ["0: unknown field 'nme'; did you mean 'name'?", "1.name: expected string, got number"],
    ],
  ];
  for (const [title, value, type, expected] of WRONG) it(`reports ${title}`, () => assert.deepEqual(said(value, type), expected));

  const RIGHT: readonly (readonly [title: string, value: unknown, type: string])[] = [
    ["a port by name or number", { httpGet: { port: "http" }, tcpSocket: { port: 80 } }, "Probe"],
    [
      "a quantity as text, as number, with an exponent",
      { limits: { cpu: 1, memory: "1.5Gi", "nvidia.com/gpu": "1", x: "1e3" } },
      "ResourceRequirements",
    ],
    ["free keys of maps", { "a.b/c": "d", env: "e" }, "map[string]string"],
    ["what is not there", { name: undefined }, "Volume"],
  ];
  for (const [title, value, type] of RIGHT) it(`accepts ${title}`, () => assert.deepEqual(said(value, type), []));

  it("knows patches: null, directives, keys", () => {
    const patch = {
      metadata: { labels: null },
      spec: {
        $retainKeys: ["containers"],
        "$setElementOrder/containers": [{ name: "main" }],
        containers: [{ name: "main", $patch: "delete" }, { $patch: "replace" }],
      },
    };
    assert.deepEqual(said(patch, "Pod", true), []);
    assert.deepEqual(
      said({ spec: { $pach: "x", volumes: [{ emptyDir: {} }, { name: "v", $patch: "replace" }], $patch: "merge" } }, "Pod", true),
      [
        "spec: unknown directive '$pach'; there are $patch, $retainKeys, $setElementOrder/<list>",
        "spec.volumes.0: needs 'name', which tells the items apart",
        "spec.volumes.1: $patch: replace stands alone in its item and replaces the whole list",
        "spec: $patch is 'delete' or 'replace'",
      ],
    );
    assert.deepEqual(said(null, "Pod", true), [": expected object, got null"]);
    assert.deepEqual(said({ spec: { $patch: "replace" } }), ["spec: unknown field '$patch'"], "only in patches");
  });

  it("never repeats a value", () => {
    const problems = said(
      { containers: [{ name: "c", env: [{ name: "A", value: { hidden: "hunter2" } }], imagePullPolicy: "hunter2" }] },
      "PodSpec",
    );
    assert.equal(problems.length, 2);
    assert.equal(problems.join().includes("hunter2"), false);
  });
});
