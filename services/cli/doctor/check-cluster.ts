import { WindlassError } from "#core/errors.ts";
import { type Kube, type KubeOptions, openKube } from "#kube/kube.ts";
import { KubeError } from "#kube/kube-error.ts";
import type { Subject } from "./ask-rights.ts";
import { checkRights } from "./check-rights.ts";
import { type Finding, skewFinding } from "./finding.ts";

export interface ClusterQuestions {
  kube: Pick<KubeOptions, "kubeconfig" | "context" | "server">;
  namespace: string;
  subject?: Subject | undefined;
  /** Whether rights are asked for, too. */
  withRights: boolean;
  signal: AbortSignal;
  now(): number;
}

const PATIENCE_MS = 5_000;

/** Whether the API server answers, what its clock says, and what the account may do. */
export async function checkCluster({
  kube: options,
  namespace,
  subject,
  withRights,
  signal,
  now,
}: ClusterQuestions): Promise<Finding[]> {
  let kube: Kube | undefined;
  try {
    kube = await openKube({
      ...options,
      userAgent: "windlass-doctor",
      requestTimeoutMs: PATIENCE_MS,
      retry: { budgetMs: PATIENCE_MS },
    });
    let date: string | undefined;
    const call = {
      path: "/version",
      signal,
      onHeaders(headers: Readonly<Record<string, unknown>>) {
        date = String(headers.date);
      },
    };
    const { gitVersion } = (await kube.send(call)) as { gitVersion: string };
    const theirAt = Date.parse(date ?? "");
    return [
      { check: "cluster", state: "ok", sentence: `the API server answers, Kubernetes ${gitVersion}` },
      // Its header knows whole seconds.
      ...(Number.isNaN(theirAt) ? [] : [skewFinding("the API server", theirAt + 500, now())]),
      ...(withRights ? await checkRights(kube, namespace, subject, signal) : []),
    ];
  } catch (error) {
    if (!(error instanceof KubeError || error instanceof WindlassError)) throw error;
    const fix =
      error instanceof WindlassError && error.code === "WL_KUBE_CONFIG"
        ? "Set KUBECONFIG, or run in a pod with a service account. windlass dev brings a cluster of its own."
        : "Check the address in your kubeconfig, the network and your credentials: kubectl version";
    return [{ check: "cluster", state: "wrong", sentence: error.message, fix }];
  } finally {
    await kube?.close();
  }
}
