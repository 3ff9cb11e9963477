import { randomUUID } from "node:crypto";
import { resourcesOf } from "./api/custom-resources.ts";
import { DEFINITIONS } from "./api/resources.ts";
import type { Pod } from "./pod.ts";
import { requestDeletion } from "./pod-deletion.ts";
import { seconds } from "./store/kube-object.ts";
import type { Change, ObjectStore } from "./store/object-store.ts";

/** Names of all that lies in namespaces; versions of a kind share one. */
const namespaced = (store: ObjectStore): Set<string> =>
  new Set(
    resourcesOf(store)
      .filter(({ namespaced }) => namespaced)
      .map(({ name }) => name),
  );

/**
 * Gives every new namespace its default service account, and empties and removes namespaces that are being deleted. The objects of a custom
 * kind go with its definition.
 */
export function keepNamespaces(store: ObjectStore): () => void {
  return store.subscribe(change => {
    if (change.resource === "namespaces") namespaceChanged(store, change);
    else if (change.resource === DEFINITIONS) definitionChanged(store, change);
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
  for (const resource of namespaced(store)) {
    for (const content of store.list(resource, name)) {
      const grace = resource === "pods" ? (content as Pod).spec.terminationGracePeriodSeconds : 0;
      requestDeletion(store, resource, content, grace);
    }
  }
  removeIfEmpty(store, name);
}

function definitionChanged(store: ObjectStore, { type, object }: Change): void {
  if (type !== "DELETED") return;
  for (const one of store.list(object.metadata.name)) store.remove(object.metadata.name, one);
}

function removeIfEmpty(store: ObjectStore, name: string | undefined): void {
  const namespace = name === undefined ? undefined : store.get("namespaces", undefined, name);
  if (namespace?.metadata.deletionTimestamp === undefined) return;
  const left = [...namespaced(store)].flatMap(resource => store.list(resource, name));
  const onlyEvents = left.every(({ kind }) => kind === "Event");
  if (!onlyEvents) return;
  store.remove("namespaces", namespace);
  for (const event of left) store.remove("events", event);
}
