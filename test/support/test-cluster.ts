/** An object of the API without what the cluster fills in. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  [field: string]: unknown;
}

/** Somewhere to run pods: the embedded cluster or a real one, alike to a test. */
export interface TestCluster {
  /** Kubeconfig as text. */
  kubeconfig: string;
  namespace: string;
  /** Creates a Secret, a ConfigMap or the like in the namespace. */
  create(object: KubeObject): Promise<void>;
  close(): Promise<void>;
}
