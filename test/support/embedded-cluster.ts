import { type LocalCluster, startLocalCluster } from "#localcluster/local-cluster.ts";
import type { TestCluster } from "./test-cluster.ts";

/** An embedded cluster of the test's own, with its faults at hand. */
export async function openEmbeddedCluster(): Promise<TestCluster & { local: LocalCluster }> {
  const local = await startLocalCluster();
  return { local, kubeconfig: local.kubeconfig, namespace: "default", close: () => local.close() };
}
