/** Somewhere to run pods: the embedded cluster or a real one, alike to a test. */
export interface TestCluster {
  /** Kubeconfig as text. */
  kubeconfig: string;
  namespace: string;
  close(): Promise<void>;
}
