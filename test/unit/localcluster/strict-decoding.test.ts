import assert from "node:assert/strict";
import { decodeStrictly, withoutFields } from "#localcluster/api/strict-decoding.ts";

const container = (fields: object) => ({ spec: { containers: [{ name: "x", ...fields }] } });

describe("localcluster: strict decoding", () => {
  it("unknown fields are named with their path, in document order", () => {
    const body = { spec: { containers: [{ foo: 1, env: [{ name: "a", valu: "1" }] }], bar: 2 }, metadata: { lables: {} } };
    assert.deepEqual(decodeStrictly("Pod", body).unknown, [
      "spec.containers[0].foo",
      "spec.containers[0].env[0].valu",
      "spec.bar",
      "metadata.lables",
    ]);
  });

  const TYPES: { title: string; body: object; error: string | undefined }[] = [
    {
      title: "a number for a string",
      body: container({ env: [{ value: 5 }] }),
      error: "json: cannot unmarshal number into Go struct field EnvVar.spec.containers.env.value of type string",
    },
    {
      title: "a string for a list",
      body: { spec: { containers: "x" } },
      error: "json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container",
    },
    {
      title: "a string for a number",
      body: { spec: { activeDeadlineSeconds: "7" } },
      error: "json: cannot unmarshal string into Go struct field PodSpec.spec.activeDeadlineSeconds of type int64",
    },
    {
      title: "a strange quantity",
      body: container({ resources: { limits: { cpu: "1x" } } }),
      error: "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    },
    { title: "a number as quantity", body: container({ resources: { limits: { cpu: 1 } } }), error: undefined },
    {
      title: "a port by name or number",
      body: container({ livenessProbe: { tcpSocket: { port: "http" }, httpGet: { port: 80 } } }),
      error: undefined,
    },
    { title: "null for anything", body: { spec: { containers: null, nodeSelector: null } }, error: undefined },
    {
      title: "free keys in maps",
      body: { metadata: { annotations: { "a.b/c": "d" } }, spec: { nodeSelector: { x: "y" } } },
      error: undefined,
    },
  ];
  for (const { title, body, error } of TYPES) {
    it(title, () => assert.deepEqual(decodeStrictly("Pod", body), { unknown: [], typeError: error }));
  }

  it("unknown fields are dropped from a copy", () => {
    const body = container({ foo: 1, image: "i" });
    const { unknown } = decodeStrictly("Pod", body);
    assert.deepEqual(withoutFields(body, unknown), container({ image: "i" }));
    assert.deepEqual(body, container({ foo: 1, image: "i" }));
  });
});
