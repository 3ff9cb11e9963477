import type { KubeObject } from "./kube-object.ts";

export type ChangeType = "ADDED" | "MODIFIED" | "DELETED";

/** One committed change. `object` is the state after it (for DELETED: the last state), `previous` the state before it. */
export interface Change {
  type: ChangeType;
  resource: string;
  revision: number;
  object: KubeObject;
  previous: KubeObject | undefined;
}

type Listener = (change: Change) => void;

const keyOf = (namespace: string | undefined, name: string): string => `${namespace ?? ""}/${name}`;

/**
 * All objects under one growing revision, with a bounded history per resource, like etcd behind the watch cache.
 * Everything is synchronous: a read and the write that follows it cannot be torn apart.
 */
export class ObjectStore {
  readonly #objects = new Map<string, Map<string, KubeObject>>();
  readonly #history = new Map<string, Change[]>();
  readonly #oldest = new Map<string, number>();
  readonly #listeners = new Set<Listener>();
  readonly #historyLimit: number;
  readonly #unheard: Change[] = [];
  #notifying = false;
  #revision = 1;
  #compacted = 0;

  /** @param historyLimit changes kept per resource; older ones are answered with "expired" */
  constructor(historyLimit = 8_192) {
    this.#historyLimit = historyLimit;
  }

  get revision(): number {
    return this.#revision;
  }

  get(resource: string, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#objects.get(resource)?.get(keyOf(namespace, name));
  }

  /** The objects of a resource, of one namespace or of all, in the order of their keys. */
  list(resource: string, namespace?: string): KubeObject[] {
    const all = [...(this.#objects.get(resource) ?? [])].filter(
      ([, { metadata }]) => namespace === undefined || metadata.namespace === namespace,
    );
    return all.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
  }

  create(resource: string, object: KubeObject): KubeObject {
    return this.#commit("ADDED", resource, object, undefined);
  }

  /** Replaces what is stored under the same name. */
  update(resource: string, object: KubeObject): KubeObject {
    const { namespace, name } = object.metadata;
    return this.#commit("MODIFIED", resource, object, this.get(resource, namespace, name));
  }

  remove(resource: string, object: KubeObject): KubeObject {
    return this.#commit("DELETED", resource, object, object);
  }

  /** The changes after `revision`, or undefined when history does not reach back that far. */
  since(resource: string, revision: number): Change[] | undefined {
    if (revision < Math.max(this.#compacted, this.#oldest.get(resource) ?? 0)) return undefined;
    const history = this.#history.get(resource) ?? [];
    let start = history.length;
    while (start > 0 && history[start - 1]!.revision > revision) start--;
    return history.slice(start);
  }

  /** Forgets the history: every older revision is expired from now on. The revision moves on, as with a real compaction. */
  compact(): void {
    this.#compacted = ++this.#revision;
    this.#history.clear();
  }

  /** The oldest revision a client may still resume from. */
  get compactedRevision(): number {
    return this.#compacted;
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #commit(type: ChangeType, resource: string, object: KubeObject, previous: KubeObject | undefined): KubeObject {
    const revision = ++this.#revision;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
    const objects = this.#objects.get(resource) ?? new Map<string, KubeObject>();
    this.#objects.set(resource, objects);
    const key = keyOf(stored.metadata.namespace, stored.metadata.name);
    if (type === "DELETED") objects.delete(key);
    else objects.set(key, stored);
    const change: Change = { type, resource, revision, object: stored, previous };
    this.#remember(change);
    this.#unheard.push(change);
    this.#notify();
    return stored;
  }

  /** A listener may commit: its change is told to everybody after the one it heard, so that all hear the same order. */
  #notify(): void {
    if (this.#notifying) return;
    this.#notifying = true;
    try {
      for (let change = this.#unheard.shift(); change !== undefined; change = this.#unheard.shift()) {
        for (const listener of [...this.#listeners]) listener(change);
      }
    } finally {
      this.#notifying = false;
    }
  }

  #remember(change: Change): void {
    const history = this.#history.get(change.resource) ?? [];
    this.#history.set(change.resource, history);
    history.push(change);
    if (history.length < this.#historyLimit * 1.25) return;
    const dropped = history.splice(0, history.length - this.#historyLimit);
    this.#oldest.set(change.resource, dropped.at(-1)!.revision);
  }
}
