import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import type { KubeObject, TestCluster } from "./test-cluster.ts";
import { until } from "./until.ts";

const run = promisify(execFile);

/** A namespace of its own on the cluster of KUBECONFIG. */
export interface RealCluster extends TestCluster {
  kubectl(...args: string[]): Promise<string>;
}

/** Fails, and does not skip, when there is no cluster: these tests exist to be run on one. */
export async function openRealCluster(): Promise<RealCluster> {
  const { KUBECONFIG } = process.env;
  if (!KUBECONFIG) throw new Error("these tests need a real Kubernetes: set KUBECONFIG");
  const kubectl = async (...args: string[]) => (await run("kubectl", args, { timeout: 60_000 })).stdout;
  // A fault of an earlier test may have left nodes behind that the cluster has not seen again yet. Played nodes run none of these pods.
  await until(async () => !/\bNotReady\b/.test(await kubectl("get", "nodes", "--no-headers", "--selector", "type!=kwok")), {
    deadlineMs: 120_000,
    what: "all nodes ready",
  });
  const namespace = `windlass-t-${randomBytes(4).toString("hex")}`;
  await kubectl("create", "namespace", namespace);
  return {
    kubeconfig: readFileSync(KUBECONFIG, "utf8"),
    namespace,
    kubectl: (...args) => kubectl("--namespace", namespace, ...args),
    create: object => apply(namespace, object),
    // Not waited for: the next test has another namespace.
    async close() {
      await kubectl("delete", "namespace", namespace, "--wait=false");
    },
  };
}

/** Creates the object with kubectl. Its text goes through stdin: arguments are seen by every process of the machine. */
function apply(namespace: string, object: KubeObject): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = execFile("kubectl", ["--namespace", namespace, "create", "-f", "-"], { timeout: 60_000 }, error =>
      error ? reject(error) : resolve(),
    );
    child.stdin!.end(JSON.stringify(object));
  });
}
