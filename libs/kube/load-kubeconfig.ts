import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { type Cluster, KubeConfig } from "@kubernetes/client-node";
import { WindlassError } from "#core/errors.ts";
import type { CredentialOptions } from "./credentials.ts";

const SERVICE_ACCOUNT_TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/** A configuration with the wanted context and server. */
export interface LoadedConfig {
  config: KubeConfig;
  cluster: Cluster;
  /** Kubeconfig files it was read from. */
  files: readonly string[];
}

/** @throws WL_KUBE_CONFIG when there is no configuration, or it cannot be read */
export function loadKubeconfig(options: CredentialOptions): LoadedConfig {
  const { root = "" } = options;
  const token = `${root}${SERVICE_ACCOUNT_TOKEN}`;
  const named = listOf(options.kubeconfig) ?? listOf(process.env.KUBECONFIG);
  const places = named ?? [join(homedir(), ".kube", "config"), token];
  const [first, ...others] = places.filter(existsSync);
  if (first === undefined) {
    throw new WindlassError("WL_KUBE_CONFIG", `no Kubernetes configuration found; looked at ${places.join(", ")}`);
  }
  const inCluster = first === token;
  // The service account is for when there is no kubeconfig, not an addition to one.
  const files = inCluster ? [] : named === undefined ? [first] : [first, ...others];
  const config = readable(() => (inCluster ? fromServiceAccount(root) : fromFiles(files)));
  if (options.context !== undefined) config.setCurrentContext(options.context);
  return { config, cluster: adjustCluster(config, options), files };
}

function listOf(paths: string | undefined): string[] | undefined {
  const list = paths?.split(delimiter).filter(path => path !== "") ?? [];
  return list.length > 0 ? list : undefined;
}

function readable(read: () => KubeConfig): KubeConfig {
  try {
    return read();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new WindlassError("WL_KUBE_CONFIG", `the Kubernetes configuration cannot be read: ${text}`, { cause: error });
  }
}

function fromServiceAccount(root: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromCluster(root);
  return config;
}

/** As kubectl does: the first file that names a current context wins. */
function fromFiles(paths: readonly string[]): KubeConfig {
  const [first = new KubeConfig(), ...others] = paths.map(path => {
    const config = new KubeConfig();
    config.loadFromFile(path);
    return config;
  });
  for (const other of others) first.mergeConfig(other, Boolean(first.getCurrentContext()));
  return first;
}

function adjustCluster(config: KubeConfig, options: CredentialOptions): Cluster {
  const current = config.getCurrentCluster();
  if (current === null) {
    const names = config.getContexts().map(context => context.name);
    const list = names.length > 0 ? names.join(", ") : "none";
    throw new WindlassError("WL_KUBE_CONFIG", `context '${config.getCurrentContext()}' names no cluster; contexts: ${list}`);
  }
  const server = options.server ?? current.server;
  if (!URL.canParse(server)) throw new WindlassError("WL_KUBE_CONFIG", `'${server}' is not a URL of an API server`);
  // client-node refuses plain http unless verification is switched off; here the URL alone decides.
  const adjusted = { ...current, server, skipTLSVerify: current.skipTLSVerify || server.startsWith("http:") };
  config.clusters = config.clusters.map(cluster => (cluster.name === current.name ? adjusted : cluster));
  return adjusted;
}
