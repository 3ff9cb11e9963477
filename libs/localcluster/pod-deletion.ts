import type { Pod } from "./pod.ts";
import { type KubeObject, seconds } from "./store/kube-object.ts";
import type { ObjectStore } from "./store/object-store.ts";

const ENDED = ["Succeeded", "Failed"];

/**
 * Marks an object as being deleted, and removes it when nothing has to happen first.
 * A pod that is scheduled and alive keeps its grace period: its node stops the containers and then calls {@link finishDeletion}.
 * @returns the object as it is now, or as it was last
 */
export function requestDeletion(store: ObjectStore, resource: string, object: KubeObject, graceSeconds: number): KubeObject {
  const { metadata } = object;
  if (resource !== "pods" && !metadata.finalizers?.length) return store.remove(resource, object);
  const grace = isAlive(resource, object) ? graceSeconds : 0;
  const running = metadata.deletionGracePeriodSeconds;
  if (metadata.deletionTimestamp !== undefined && running !== undefined && running <= grace) return object;
  const startedAt =
    metadata.deletionTimestamp === undefined ? Date.now() : Date.parse(metadata.deletionTimestamp) - (running ?? 0) * 1_000;
  const first = metadata.deletionTimestamp === undefined && metadata.generation !== undefined;
  const marked = store.update(resource, {
    ...object,
    metadata: {
      ...metadata,
      deletionTimestamp: seconds(startedAt + grace * 1_000),
      deletionGracePeriodSeconds: grace,
      ...(first ? { generation: metadata.generation! + 1 } : {}),
    },
  });
  return grace === 0 ? removeUnlessHeld(store, resource, marked) : marked;
}

/** The node's last word: the containers are gone, so the pod may go, unless a finalizer holds it. */
export function finishDeletion(store: ObjectStore, pod: KubeObject): void {
  const marked = store.update("pods", {
    ...pod,
    metadata: { ...pod.metadata, deletionTimestamp: seconds(Date.now()), deletionGracePeriodSeconds: 0 },
  });
  removeUnlessHeld(store, "pods", marked);
}

/** Removes an object whose deletion has been asked for and has nothing to wait for any more. */
export function removeUnlessHeld(store: ObjectStore, resource: string, object: KubeObject): KubeObject {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata;
  const waits = deletionTimestamp === undefined || deletionGracePeriodSeconds > 0 || finalizers.length > 0;
  return waits ? object : store.remove(resource, object);
}

function isAlive(resource: string, object: KubeObject): boolean {
  if (resource !== "pods") return false;
  const { spec, status } = object as Pod;
  return spec.nodeName !== undefined && !ENDED.includes(status.phase);
}
