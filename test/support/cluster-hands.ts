import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { LocalCluster } from "#localcluster/local-cluster.ts";
import type { RealCluster } from "./real-cluster.ts";
import type { TestCluster } from "./test-cluster.ts";

interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; [field: string]: unknown };
  [field: string]: unknown;
}

/** What somebody else does to a cluster while Windlass works on it; alike on every cluster. */
export interface ClusterHands {
  create(object: KubernetesObject): Promise<void>;
  evict(namespace: string, pod: string): Promise<void>;
  deletePod(namespace: string, pod: string): Promise<void>;
  /** Not waited for. */
  deleteNamespace(namespace: string): Promise<void>;
  /** A finalizer keeps a deleted pod in Terminating; [] lets it go. */
  setFinalizers(namespace: string, pod: string, finalizers: readonly string[]): Promise<void>;
}

const KINDS: Readonly<Record<string, string>> = {
  Pod: "pods",
  Secret: "secrets",
  Namespace: "namespaces",
  ResourceQuota: "resourcequotas",
  LimitRange: "limitranges",
  ServiceAccount: "serviceaccounts",
};

const collection = ({ kind, metadata: { namespace } }: KubernetesObject): string =>
  `/api/v1/${namespace === undefined ? "" : `namespaces/${namespace}/`}${KINDS[kind]}`;
const podPath = (namespace: string, pod: string) => `/api/v1/namespaces/${namespace}/pods/${pod}`;
const eviction = (namespace: string, name: string) => ({
  apiVersion: "policy/v1",
  kind: "Eviction",
  metadata: { name, namespace },
});

/** Hands for the embedded cluster, which asks for no credentials. */
function embeddedHands({ url }: LocalCluster): ClusterHands {
  const send = async (method: string, path: string, body: object = {}, type = "application/json") => {
    const response = await fetch(url + path, { method, body: JSON.stringify(body), headers: { "content-type": type } });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
  };
  return {
    create: object => send("POST", collection(object), object),
    evict: (namespace, pod) => send("POST", `${podPath(namespace, pod)}/eviction`, eviction(namespace, pod)),
    deletePod: (namespace, pod) => send("DELETE", podPath(namespace, pod)),
    deleteNamespace: namespace => send("DELETE", `/api/v1/namespaces/${namespace}`),
    setFinalizers: (namespace, pod, finalizers) =>
      send("PATCH", podPath(namespace, pod), { metadata: { finalizers } }, "application/merge-patch+json"),
  };
}

async function kubectl(args: readonly string[], input?: object): Promise<void> {
  const child = spawn("kubectl", args, { stdio: ["pipe", "ignore", "pipe"] });
  const said = text(child.stderr);
  child.stdin.end(input === undefined ? "" : JSON.stringify(input));
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`kubectl ${args.join(" ")}: ${await said}`);
}

/** Hands for the cluster of KUBECONFIG. */
export function realHands(): ClusterHands {
  return {
    create: object => kubectl(["create", "-f", "-"], object),
    evict: (namespace, pod) =>
      kubectl(["create", "--raw", `${podPath(namespace, pod)}/eviction`, "-f", "-"], eviction(namespace, pod)),
    deletePod: (namespace, pod) => kubectl(["-n", namespace, "delete", "pod", pod, "--wait=false"]),
    deleteNamespace: namespace => kubectl(["delete", "namespace", namespace, "--wait=false"]),
    setFinalizers: (namespace, pod, finalizers) =>
      kubectl(["-n", namespace, "patch", "pod", pod, "--type=merge", "-p", JSON.stringify({ metadata: { finalizers } })]),
  };
}

export const handsFor = (cluster: TestCluster & Partial<RealCluster> & { local?: LocalCluster }): ClusterHands =>
  cluster.local === undefined ? realHands() : embeddedHands(cluster.local);
