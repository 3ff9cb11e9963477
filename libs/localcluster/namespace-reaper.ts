import { randomUUID } from "node:crypto";
import { RESOURCES } from "./api/resources.ts";
import type { Pod } from "./pod.ts";
import { requestDeletion } from "./pod-deletion.ts";
import { seconds } from "./store/kube-object.ts";
import type { Change, ObjectStore } from "./store/object-store.ts";

const NAMESPACED = Object.values(RESOURCES)
  .filter(({ namespaced }) => namespaced)
  .map(({ name }) => name);

/** Gives every new namespace its default service account, and empties and removes namespaces that are being deleted. */
export function keepNamespaces(store: ObjectStore): () => void {
  return store.subscribe(change => {
    if (change.resource === "namespaces") namespaceChanged(store, change);
    else if (change.type === "DELETED") removeIfEmpty(store, change.object.metadata.namespace);
  });
}

function namespaceChanged(store: ObjectStore, { type, object, previous }: Change): void {
  const { name, deletionTimestamp } = object.metadata;
  if (type === "ADDED") {
    store.create("serviceaccounts", {
      kind: "ServiceAccount",
      apiVersion: "v1",
      metadata: {
        name: "default",
        namespace: name,
        uid: randomUUID(),
        resourceVersion: "",
        creationTimestamp: seconds(Date.now()),
      },
    });
  }
  if (type !== "MODIFIED" || deletionTimestamp === undefined || previous?.metadata.deletionTimestamp !== undefined) return;
  for (const resource of NAMESPACED) {
    for (const content of store.list(resource, name)) {
      const grace = resource === "pods" ? (content as Pod).spec.terminationGracePeriodSeconds : 0;
      requestDeletion(store, resource, content, grace);
    }
  }
  removeIfEmpty(store, name);
}

function removeIfEmpty(store: ObjectStore, name: string | undefined): void {
  const namespace = name === undefined ? undefined : store.get("namespaces", undefined, name);
  if (namespace?.metadata.deletionTimestamp === undefined) return;
  const left = NAMESPACED.flatMap(resource => store.list(resource, name));
  const onlyEvents = left.every(({ kind }) => kind === "Event");
  if (!onlyEvents) return;
  store.remove("namespaces", namespace);
  for (const event of left) store.remove("events", event);
}
