import type { Pod } from "./pod.ts";

/**
 * What a subscriber hears: the pod's latest state, or that it is gone.
 * `gone` is the last state seen, which may be older than its end; undefined when it was never seen.
 * `leftSelector`: the pod still exists and only lost its labels.
 */
export type PodChange = { pod: Pod } | { gone: Pod | undefined; leftSelector: boolean };
export type PodListener = (change: PodChange) => void;

interface Subscription {
  listener: PodListener;
  since: number;
}

/** Who wants to hear of which pod. A listener that throws harms no other. */
export class PodListeners {
  readonly #byName = new Map<string, Set<Subscription>>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /**
   * Adds a listener. It hears soon, and outside of this call, of the state that `known` has then.
   * @returns ends the subscription
   */
  add(name: string, listener: PodListener, known: () => Pod | undefined): () => void {
    const subscription = { listener, since: Date.now() };
    const group = this.#byName.get(name) ?? new Set();
    this.#byName.set(name, group.add(subscription));
    queueMicrotask(() => {
      const pod = known();
      if (pod !== undefined && group.has(subscription)) this.#call(listener, { pod });
    });
    return () => {
      group.delete(subscription);
      if (group.size === 0 && this.#byName.get(name) === group) this.#byName.delete(name);
    };
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** The names that somebody has listened to since `instant` or before, in ms. */
  namesSince(instant: number): string[] {
    return [...this.#byName].filter(([, group]) => [...group].some(({ since }) => since <= instant)).map(([name]) => name);
  }

  tell(name: string, change: PodChange): void {
    for (const { listener } of this.#byName.get(name) ?? []) this.#call(listener, change);
  }

  #call(listener: PodListener, change: PodChange): void {
    try {
      listener(change);
    } catch (error) {
      this.#onError(error);
    }
  }
}
