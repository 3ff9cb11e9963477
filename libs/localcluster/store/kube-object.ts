/** The metadata of a stored object. Instants are RFC 3339 with whole seconds, as the real API writes them. */
export interface ObjectMeta {
  name: string;
  generateName?: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
}

/** Any stored object. It is never changed in place: a change is a new object, so that history, watchers and caches may share it. */
export interface KubeObject {
  kind: string;
  apiVersion: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

/** 2026-01-01T00:00:00Z: Kubernetes keeps whole seconds. */
export const seconds = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19)}Z`;

const texts = new WeakMap<KubeObject, string>();

/** The object as JSON; written once however many watchers and readers want it. */
export function jsonOf(object: KubeObject): string {
  let text = texts.get(object);
  if (text === undefined) {
    text = JSON.stringify(object);
    texts.set(object, text);
  }
  return text;
}
