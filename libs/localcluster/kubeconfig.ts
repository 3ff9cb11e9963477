const NAME = "windlass-local";

/** A kubeconfig for the local cluster, as JSON, which is YAML too. There is nothing secret in it: the cluster asks for no password. */
export function kubeconfigFor(server: string, namespace = "default"): string {
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: NAME, cluster: { server } }],
    users: [{ name: NAME, user: {} }],
    contexts: [{ name: NAME, context: { cluster: NAME, user: NAME, namespace } }],
    "current-context": NAME,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
