import { join } from "node:path";
import { openRealCluster, type RealCluster } from "./real-cluster.ts";

const RIGHTS = join(import.meta.dirname, "../../k8s/base/worker-rights.yaml");

/**
 * A namespace of the real cluster that enforces PodSecurity "restricted". The kubeconfig is the worker's ServiceAccount with exactly the
 * rights that k8s/base gives it; `create` and `kubectl` are still the administrator's.
 */
export async function openRestrictedCluster(): Promise<RealCluster> {
  const cluster = await openRealCluster();
  const { namespace, kubectl } = cluster;
  await kubectl("label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted");
  await kubectl("apply", "-f", RIGHTS);
  // Until a controller has made it, no pod of the namespace is accepted.
  await kubectl("wait", "--for=create", "serviceaccount/default", "--timeout=20s");
  const token = (await kubectl("create", "token", "windlass-worker", "--duration=1h")).trim();
  const config = JSON.parse(await kubectl("config", "view", "--minify", "--raw", "-o", "json")) as KubeConfig;
  config.users = [{ name: "worker", user: { token } }];
  for (const { context } of config.contexts) context.user = "worker";
  return { ...cluster, kubeconfig: JSON.stringify(config) };
}

interface KubeConfig {
  users: { name: string; user: object }[];
  contexts: { context: { user: string } }[];
}
