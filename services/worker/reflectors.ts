import { labelValue } from "#core/ids.ts";
import type { Kube } from "#kube/kube.ts";
import { INSTANCE_LABEL } from "#kube/manifest.ts";
import { PodReflector } from "#kube/pod-reflector.ts";

export interface ReflectorsOptions {
  kube: Kube;
  /** Only pods of this installation are watched. */
  instance: string;
  onError(error: unknown): void;
}

/** One shared watch per namespace, opened when the first pod of a namespace needs it. */
export class Reflectors {
  readonly #options: ReflectorsOptions;
  readonly #stop = new AbortController();
  readonly #byNamespace = new Map<string, PodReflector>();

  constructor(options: ReflectorsOptions) {
    this.#options = options;
  }

  of(namespace: string): PodReflector {
    const known = this.#byNamespace.get(namespace);
    if (known) return known;
    const { kube, instance, onError } = this.#options;
    const reflector = new PodReflector({ kube, namespace, labelSelector: `${INSTANCE_LABEL}=${labelValue(instance)}`, onError });
    reflector.start(this.#stop.signal);
    this.#byNamespace.set(namespace, reflector);
    return reflector;
  }

  all(): Iterable<PodReflector> {
    return this.#byNamespace.values();
  }

  close(): void {
    this.#stop.abort(new Error("the worker is closing"));
  }
}
