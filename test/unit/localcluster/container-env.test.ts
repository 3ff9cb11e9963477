import assert from "node:assert/strict";
import { containerEnv, expand } from "#localcluster/node/container-env.ts";
import { PathMap } from "#localcluster/node/path-map.ts";
import type { EnvVar, Pod } from "#localcluster/pod.ts";

const meta = (name: string) => ({ name, namespace: "n", uid: `uid-${name}`, resourceVersion: "1", creationTimestamp: "" });
const secret = { kind: "Secret", apiVersion: "v1", metadata: meta("s"), data: { k: "dg==" } };
const config = { kind: "ConfigMap", apiVersion: "v1", metadata: meta("c"), data: { x: "1", y: "2" } };
const lookup = (resource: string, name: string) =>
  resource === "secrets" && name === "s" ? secret : name === "c" ? config : undefined;
const pod: Pod = {
  kind: "Pod",
  apiVersion: "v1",
  metadata: { ...meta("p"), labels: { team: "red" } },
  spec: { containers: [], restartPolicy: "Never", terminationGracePeriodSeconds: 30, nodeName: "local" },
  status: { phase: "Pending" },
};
const main = { name: "main", image: "i", resources: { limits: { cpu: "1500m", memory: "64Mi" } } };

describe("localcluster: container environment", () => {
  const VALUES: [title: string, valueFrom: NonNullable<EnvVar["valueFrom"]>, value: string | undefined][] = [
    ["a secret's key", { secretKeyRef: { name: "s", key: "k" } }, "v"],
    ["a config map's key", { configMapKeyRef: { name: "c", key: "x" } }, "1"],
    ["an optional key that is missing", { secretKeyRef: { name: "s", key: "z", optional: true } }, undefined],
    ["an optional secret that is missing", { secretKeyRef: { name: "z", key: "k", optional: true } }, undefined],
    ["the pod's name", { fieldRef: { fieldPath: "metadata.name" } }, "p"],
    ["the pod's uid", { fieldRef: { fieldPath: "metadata.uid" } }, "uid-p"],
    ["a label", { fieldRef: { fieldPath: "metadata.labels['team']" } }, "red"],
    ["a limit, rounded up", { resourceFieldRef: { resource: "limits.cpu" } }, "2"],
    ["a limit by a divisor", { resourceFieldRef: { resource: "limits.memory", divisor: "1Mi" } }, "64"],
  ];
  for (const [title, valueFrom, value] of VALUES) {
    it(title, () => assert.equal(containerEnv(pod, { ...main, env: [{ name: "V", valueFrom }] }, lookup).V, value));
  }

  const MISSING: [message: string, valueFrom: NonNullable<EnvVar["valueFrom"]>][] = [
    ['secret "z" not found', { secretKeyRef: { name: "z", key: "k" } }],
    ["couldn't find key z in Secret n/s", { secretKeyRef: { name: "s", key: "z" } }],
    ['configmap "z" not found', { configMapKeyRef: { name: "z", key: "k" } }],
    ["couldn't find key z in ConfigMap n/c", { configMapKeyRef: { name: "c", key: "z" } }],
  ];
  for (const [message, valueFrom] of MISSING) {
    it(message, () =>
      assert.throws(() => containerEnv(pod, { ...main, env: [{ name: "V", valueFrom }] }, lookup), {
        name: "ConfigError",
        message,
      }),
    );
  }

  it("envFrom comes first and may have a prefix; env wins", () => {
    const env = containerEnv(
      pod,
      {
        ...main,
        envFrom: [{ prefix: "C_", configMapRef: { name: "c" } }, { secretRef: { name: "s" } }],
        env: [{ name: "k", value: "mine" }],
      },
      lookup,
    );
    assert.deepEqual(env, { C_x: "1", C_y: "2", k: "mine" });
  });

  const EXPANSIONS: [text: string, result: string][] = [
    ["$(A)", "1"],
    ["x$(A)y$(B)", "x1y2"],
    ["$(NOPE)", "$(NOPE)"],
    ["$$(A)", "$(A)"],
    ["$$$(A)", "$1"],
    ["$A $", "$A $"],
    ["kill $$$$", "kill $$"],
  ];
  for (const [text, result] of EXPANSIONS)
    it(`${text} becomes ${result}`, () => assert.equal(expand(text, { A: "1", B: "2" }), result));
});

describe("localcluster: path map", () => {
  const paths = new PathMap({ "/data": "/real/d", "/data/deep": "/real/deep", "/dev/termination-log": "/real/t" });
  const CASES: [text: string, result: string][] = [
    ["cat /data/x", "cat /real/d/x"],
    ["ls /data", "ls /real/d"],
    ["/data/deep/y", "/real/deep/y"],
    ["echo 1>/dev/termination-log", "echo 1>/real/t"],
    ['"/data"', '"/real/d"'],
    ["/database /mydata /x/data", "/database /mydata /x/data"],
    ["--out=/data", "--out=/real/d"],
  ];
  for (const [text, result] of CASES) it(`${text} becomes ${result}`, () => assert.equal(paths.rewrite(text), result));
});
