import { writeFileSync } from "node:fs";
import { kubeconfigFor } from "./kubeconfig.ts";
import { startLocalCluster } from "./local-cluster.ts";

/**
 * The local cluster as a process of its own, configured by the environment:
 * WINDLASS_LOCALCLUSTER_HOST (127.0.0.1) and _PORT (6443), _KUBECONFIG (a path: the kubeconfig is written there),
 * _SERVER (the URL in that kubeconfig, when others reach the server by another name), _DATA (a directory for containers' files).
 */
const setting = (name: string): string | undefined => process.env[`WINDLASS_LOCALCLUSTER_${name}`] || undefined;
const say = (line: string): void => console.log(line);

const dataDir = setting("DATA");
const cluster = await startLocalCluster({
  host: setting("HOST") ?? "127.0.0.1",
  port: Number(setting("PORT") ?? 6_443),
  ...(dataDir === undefined ? {} : { dataDir }),
  log: say,
});
const server = setting("SERVER") ?? cluster.url;
const kubeconfig = setting("KUBECONFIG");
if (kubeconfig !== undefined) writeFileSync(kubeconfig, kubeconfigFor(server), { mode: 0o600 });
say(`local cluster on ${cluster.url}${kubeconfig === undefined ? "" : `, kubeconfig in ${kubeconfig}`}`);
say("its pods are processes of this machine: there is NO isolation");

for (const signal of ["SIGTERM", "SIGINT"] as const)
  process.once(signal, () => void cluster.close().then(() => say("local cluster closed")));
