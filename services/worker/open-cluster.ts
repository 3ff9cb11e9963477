import { openKube } from "#kube/kube.ts";
import type { Cluster } from "./clusters.ts";
import type { WorkerConfig } from "./config.ts";
import { Reflectors } from "./reflectors.ts";

type Settings = Pick<WorkerConfig, "KUBECONFIG" | "WINDLASS_KUBE_TIMEOUT_MS" | "WINDLASS_INSTANCE">;

export interface OpenCluster {
  /** Of the kubeconfig; absent: its current one. */
  context?: string | undefined;
  /** Replaces the kubeconfig's server address. */
  server?: string | undefined;
  userAgent: string;
  onError(error: unknown): void;
}

/** Prepares the connections to a cluster; nothing is sent yet. Throws WL_KUBE_CONFIG when the configuration does not have it. */
export async function openCluster(config: Settings, { context, server, userAgent, onError }: OpenCluster): Promise<Cluster> {
  const kube = await openKube({
    ...(config.KUBECONFIG === undefined ? {} : { kubeconfig: config.KUBECONFIG }),
    ...(context === undefined ? {} : { context }),
    ...(server === undefined ? {} : { server }),
    userAgent,
    requestTimeoutMs: config.WINDLASS_KUBE_TIMEOUT_MS,
  });
  return { kube, reflectors: new Reflectors({ kube, instance: config.WINDLASS_INSTANCE, onError }) };
}
