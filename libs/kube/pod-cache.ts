import type { Pod } from "./pod.ts";

/** The pods last heard of. Keyed by uid: a pod that took over another one's name is another pod. */
export class PodCache {
  readonly #byUid = new Map<string, Pod>();
  readonly #uidOfName = new Map<string, string>();

  get size(): number {
    return this.#byUid.size;
  }

  all(): Iterable<Pod> {
    return this.#byUid.values();
  }

  byName(name: string): Pod | undefined {
    const uid = this.#uidOfName.get(name);
    return uid === undefined ? undefined : this.#byUid.get(uid);
  }

  /** @returns false when this very state was known */
  put(pod: Pod): boolean {
    const { uid, name, resourceVersion } = pod.metadata;
    if (this.#byUid.get(uid)?.metadata.resourceVersion === resourceVersion) return false;
    this.#byUid.set(uid, pod);
    this.#uidOfName.set(name, uid);
    return true;
  }

  remove({ metadata }: Pod): void {
    this.#byUid.delete(metadata.uid);
    if (this.#uidOfName.get(metadata.name) === metadata.uid) this.#uidOfName.delete(metadata.name);
  }

  /** Makes a list the whole truth. */
  replace(pods: readonly Pod[]): { gone: Pod[]; changed: Pod[] } {
    const listed = new Set(pods.map(pod => pod.metadata.uid));
    const gone = [...this.#byUid.values()].filter(pod => !listed.has(pod.metadata.uid));
    for (const pod of gone) this.remove(pod);
    return { gone, changed: pods.filter(pod => this.put(pod)) };
  }
}
