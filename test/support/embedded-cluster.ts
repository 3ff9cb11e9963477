import { type LocalCluster, type LocalClusterOptions, startLocalCluster } from "#localcluster/local-cluster.ts";
import type { KubeObject, TestCluster } from "./test-cluster.ts";

/** An embedded cluster of the test's own, with its faults at hand. */
export async function openEmbeddedCluster(options: LocalClusterOptions = {}): Promise<TestCluster & { local: LocalCluster }> {
  const local = await startLocalCluster(options);
  return {
    local,
    kubeconfig: local.kubeconfig,
    namespace: "default",
    create: object => post(local.url, object),
    close: () => local.close(),
  };
}

async function post(url: string, object: KubeObject): Promise<void> {
  const path = `${url}/api/v1/namespaces/default/${object.kind.toLowerCase()}s`;
  const headers = { "content-type": "application/json" };
  const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(object) });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}
