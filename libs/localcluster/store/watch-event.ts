import type { KubeObject } from "./kube-object.ts";
import type { Change, ChangeType } from "./object-store.ts";

export interface WatchEvent {
  type: ChangeType;
  object: KubeObject;
}

/**
 * What a watcher with a selector sees of a change: entering the selection is ADDED, leaving it is DELETED (the state that still
 * matched, under the new resourceVersion), the rest is silence.
 */
export function watchEvent(change: Change, selects: (object: KubeObject) => boolean): WatchEvent | undefined {
  const was = change.previous !== undefined && selects(change.previous);
  const is = change.type !== "DELETED" && selects(change.object);
  if (is) return { type: was ? "MODIFIED" : "ADDED", object: change.object };
  if (!was) return undefined;
  if (change.type === "DELETED") return { type: "DELETED", object: change.object };
  const { previous, object } = change;
  const left = { ...previous!, metadata: { ...previous!.metadata, resourceVersion: object.metadata.resourceVersion } };
  return { type: "DELETED", object: left };
}
