import type { PodSpec } from "#core/pod/pod-spec.ts";
import { control } from "./cluster-control.ts";
import type { RealCluster } from "./real-cluster.ts";

/** Where a pod has to go to be played: to nodes that exist in the API only. What it costs the API server is true. */
export const PLAYED = {
  nodeSelector: { type: "kwok" },
  tolerations: [{ key: "kwok.x-k8s.io/node", operator: "Exists" }],
} satisfies Partial<PodSpec>;

/** On a played node: how long the pod runs. */
export const RUN_FOR_ANNOTATION = "test/run-for";

export const addPlayedNodes = (count: number): Promise<void> => control("kwok", String(count));

export async function removePlayedNodes({ kubectl }: RealCluster): Promise<void> {
  await kubectl("delete", "nodes", "--selector", "type=kwok");
}
