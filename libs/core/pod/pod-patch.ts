import type { V1Pod } from "@kubernetes/client-node";
import { kubeValue } from "./kube-value.ts";

interface Directives {
  /** "replace": nothing but what stands here. "delete": in a list, removes the item with this key. */
  $patch?: "replace" | "delete";
  /** Of the other fields only these stay. */
  $retainKeys?: readonly string[];
}

/** Any part of a Kubernetes object; null removes what a lower layer has set. */
type Patch<T> = T extends readonly (infer Item)[]
  ? readonly Patch<Item>[]
  : T extends Date
    ? string
    : T extends object
      ? { readonly [Field in keyof T]?: Patch<T[Field]> | null } & Directives
      : T;

/**
 * A strategic-merge patch of a pod: maps are merged by key, containers, volumes, env and mounts by their name, other lists are replaced,
 * null and `$patch: delete` remove. The task's container is called `main`.
 */
export const PodPatch = kubeValue<Patch<V1Pod>>("Pod", { patch: true });
export type PodPatch = Patch<V1Pod>;
