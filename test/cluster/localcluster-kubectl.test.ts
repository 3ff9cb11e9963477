import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalCluster, startLocalCluster } from "#localcluster/local-cluster.ts";

const KUBECTL = process.env.KUBECTL ?? "kubectl";

interface Result {
  code: number;
  out: string;
  err: string;
}

/** The real kubectl (KUBECTL, or the one on PATH) against the local cluster. */
describe("localcluster: kubectl", () => {
  let cluster: LocalCluster;
  let directory: string;
  before(async () => {
    cluster = await startLocalCluster();
    directory = mkdtempSync(join(tmpdir(), "windlass-kubectl-"));
    writeFileSync(join(directory, "config"), cluster.kubeconfig);
  });
  after(async () => {
    await cluster.close();
    rmSync(directory, { recursive: true });
  });

  const environment = () => ({ PATH: process.env.PATH!, HOME: directory, KUBECONFIG: join(directory, "config") });

  function kubectl(...args: string[]): Promise<Result> {
    return new Promise(resolve => {
      execFile(KUBECTL, args, { env: environment(), timeout: 20_000 }, (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err });
      });
    });
  }

  async function succeeds(...args: string[]): Promise<string> {
    const { code, out, err } = await kubectl(...args);
    assert.equal(code, 0, `kubectl ${args.join(" ")}: ${err}`);
    return out;
  }

  function manifest(name: string, objects: object): string {
    const file = join(directory, `${name}.json`);
    writeFileSync(file, JSON.stringify(objects));
    return file;
  }

  const pod = (name: string, script: string, labels: Record<string, string> = {}) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels },
    spec: {
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 1,
      containers: [{ name: "main", image: "busybox:1.36", command: ["sh", "-c", script] }],
    },
  });

  const until = (name: string, phase: string) =>
    succeeds("wait", `--for=jsonpath={.status.phase}=${phase}`, `pod/${name}`, "--timeout=10s");

  it("run, wait, get as table, wide, yaml, json and names", async () => {
    assert.equal(
      await succeeds("run", "hello", "--image=busybox", "--restart=Never", "--", "sh", "-c", "echo hello"),
      "pod/hello created\n",
    );
    await until("hello", "Succeeded");
    const table = await succeeds("get", "pods");
    assert.match(table, /^NAME +READY +STATUS +RESTARTS +AGE\nhello +0\/1 +Completed +0 +\d+s\n$/);
    assert.match(await succeeds("get", "pods", "-o", "wide"), /hello .* 127\.0\.0\.1 +local/);
    assert.match(await succeeds("get", "pod", "hello", "-o", "yaml"), /\n {2}phase: Succeeded\n/);
    assert.equal(JSON.parse(await succeeds("get", "pods", "-o", "json")).items[0].kind, "Pod");
    assert.equal(await succeeds("get", "pods", "-o", "name"), "pod/hello\n");
  });

  it("logs, logs -f and describe with events", async () => {
    await succeeds("create", "-f", manifest("talks", pod("talks", "echo one; sleep 0.3; echo two")));
    await succeeds("wait", "--for=condition=Ready", "pod/talks", "--timeout=10s");
    assert.equal(await succeeds("logs", "-f", "talks"), "one\ntwo\n");
    assert.equal(await succeeds("logs", "--tail=1", "talks"), "two\n");
    assert.match(await succeeds("logs", "--timestamps", "talks"), /^\S+\.\d+Z one\n/);
    const described = await succeeds("describe", "pod", "talks");
    assert.match(described, /Node: +local\/127\.0\.0\.1/);
    assert.match(described, /Normal +Scheduled .* Successfully assigned default\/talks to local/);
    assert.match(await succeeds("get", "events"), /Started +pod\/talks +Started container main/);
  });

  it("get -w prints the changes", async () => {
    const watching = spawn(KUBECTL, ["get", "pods", "-w", "-l", "watched=yes"], { env: environment() });
    let text = "";
    const seen = Promise.withResolvers<void>();
    watching.stdout.on("data", chunk => {
      text += chunk;
      if (/Completed/.test(text)) seen.resolve();
    });
    watching.once("exit", () => seen.reject(new Error(`kubectl ended: ${text}`)));
    await succeeds("create", "-f", manifest("watched", pod("watched", "sleep 0.2", { watched: "yes" })));
    await seen.promise;
    watching.removeAllListeners("exit");
    watching.kill();
    assert.match(text, /watched +1\/1 +Running/);
  });

  it("apply creates, changes and leaves alone; label and annotate patch", async () => {
    const config = (data: object) =>
      manifest("config-map", { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings" }, data });
    const applied = pod("applied", "sleep 100");
    assert.match(await succeeds("apply", "-f", config({ a: "1", b: "2" })), /created/);
    assert.match(await succeeds("apply", "-f", config({ a: "3" })), /configured/);
    assert.match(await succeeds("apply", "-f", config({ a: "3" })), /unchanged/);
    assert.deepEqual(JSON.parse(await succeeds("get", "configmap", "settings", "-o", "jsonpath={.data}")), { a: "3" });
    assert.match(await succeeds("apply", "-f", manifest("applied", applied)), /created/);
    assert.match(
      await succeeds("apply", "-f", manifest("applied", { ...applied, metadata: { name: "applied", labels: { v: "2" } } })),
      /configured/,
    );
    await succeeds("label", "pod", "applied", "team=red");
    await succeeds("annotate", "pod", "applied", "note=x");
    assert.match(await succeeds("get", "pod", "applied", "--show-labels"), /team=red,v=2/);
    await succeeds("delete", "pod", "applied", "--now", "--wait");
    assert.match((await kubectl("get", "pod", "applied")).err, /pods "applied" not found/);
  });

  it("create namespace, secret, configmap and serviceaccount, which it sends as protobuf", async () => {
    await succeeds("create", "namespace", "team");
    assert.match(await succeeds("get", "ns"), /team +Active/);
    await succeeds(
      "create",
      "secret",
      "generic",
      "credentials",
      "--from-literal=user=me",
      "--from-literal=password=p ä",
      "-n",
      "team",
    );
    assert.equal(
      await succeeds("get", "secret", "credentials", "-n", "team", "-o", "go-template={{.data.password | base64decode}}"),
      "p ä",
    );
    await succeeds("create", "configmap", "settings", "--from-literal=a=b", "-n", "team");
    await succeeds("create", "serviceaccount", "robot", "-n", "team");
    assert.match(await succeeds("get", "sa", "-n", "team"), /default[\s\S]*robot/);
    await succeeds("delete", "namespace", "team", "--wait");
    assert.match((await kubectl("get", "ns", "team")).err, /namespaces "team" not found/);
  });

  it("refusals reach the person", async () => {
    const wrong = { ...pod("wrong", "true"), spec: { containers: [{ name: "main", image: "busybox", comand: ["true"] }] } };
    const strict = await kubectl("apply", "-f", manifest("wrong", wrong));
    assert.match(strict.err, /strict decoding error: unknown field "spec\.containers\[0\]\.comand"/);
    assert.match((await kubectl("delete", "pod", "nope")).err, /pods "nope" not found/);
    assert.match(
      (await kubectl("apply", "--server-side", "-f", manifest("wrong", wrong))).err,
      /Server-side apply not available/,
    );
  });

  it("apply, get, wait, patch and delete of a kind that a definition has made", async () => {
    const definition = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "jobs.demo.example" },
      spec: {
        group: "demo.example",
        scope: "Namespaced",
        names: { plural: "jobs", kind: "Job", shortNames: ["dj"] },
        versions: [
          {
            name: "v1",
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
            subresources: { status: {} },
            additionalPrinterColumns: [{ name: "State", type: "string", jsonPath: ".status.state" }],
          },
        ],
      },
    };
    await succeeds("apply", "-f", manifest("definition", definition));
    await succeeds("wait", "--for=condition=established", "crd/jobs.demo.example", "--timeout=10s");
    const job = (image: string) => ({ apiVersion: "demo.example/v1", kind: "Job", metadata: { name: "one" }, spec: { image } });
    assert.equal(await succeeds("apply", "-f", manifest("job", job("a"))), "job.demo.example/one created\n");
    assert.equal(await succeeds("apply", "-f", manifest("job", job("b"))), "job.demo.example/one configured\n");
    assert.equal(await succeeds("get", "dj", "one", "-o", "jsonpath={.spec.image}"), "b");
    const served = await succeeds("apply", "--server-side", "--force-conflicts", "-f", manifest("job", job("c")));
    assert.equal(served, "job.demo.example/one serverside-applied\n");
    await succeeds(
      "patch",
      "jobs.demo.example",
      "one",
      "--subresource=status",
      "--type=merge",
      "-p",
      '{"status":{"state":"DONE"}}',
    );
    await succeeds("wait", "--for=jsonpath={.status.state}=DONE", "jobs.demo.example/one", "--timeout=10s");
    assert.match(await succeeds("get", "jobs.demo.example"), /^NAME +STATE\none +DONE\n$/);
    assert.match(await succeeds("describe", "jobs.demo.example", "one"), /State: +DONE/);
    await succeeds("delete", "jobs.demo.example", "one");
    await succeeds("delete", "crd", "jobs.demo.example");
  });
});
