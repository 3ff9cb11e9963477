import { WindlassError } from "#core/errors.ts";
import { failure } from "#core/failure.ts";
import type { Kube } from "#kube/kube.ts";
import type { PodOperatorDeps } from "./pod-operator.ts";
import type { Reflectors } from "./reflectors.ts";
import type { Operator } from "./run-job.ts";

/** A cluster that pods run in. */
export type Cluster = Pick<PodOperatorDeps, "kube" | "reflectors">;

export interface ClustersDeps {
  /** The workers' own: where tasks run that name none. */
  own: Cluster;
  /** Opens the cluster of a kubeconfig context. Throws WL_KUBE_CONFIG when there is no such context. */
  open(context: string): Promise<Cluster>;
  /** Hears of every cluster that was opened. */
  onOpened(name: string, cluster: Cluster): void;
}

/** The clusters by name, each opened when the first task names it. */
export class Clusters {
  readonly #deps: ClustersDeps;
  readonly #opened = new Map<string, Promise<Cluster>>();
  readonly #ready = new Map<string, Cluster>();

  constructor(deps: ClustersDeps) {
    this.#deps = deps;
  }

  /** All that are open; the own one has no name. */
  *all(): Iterable<{ name: string; kube: Kube; reflectors: Reflectors }> {
    yield { name: "", ...this.#deps.own };
    for (const [name, cluster] of this.#ready) yield { name, ...cluster };
  }

  /** Makes an operator work in the cluster that each task names. */
  spread(pods: PodOperatorDeps, make: (deps: PodOperatorDeps) => Operator): Operator {
    const own = make(pods);
    const others = new WeakMap<Cluster, Operator>();
    return async (tryRun, signal) => {
      const name = tryRun.task.operator === "pod" ? tryRun.task.cluster : undefined;
      if (name === undefined) return own(tryRun, signal);
      let cluster: Cluster;
      try {
        cluster = await this.#of(name);
      } catch (error) {
        if (!(error instanceof WindlassError)) throw error;
        return { type: "ended", outcome: failure("ClusterUnknown", { values: { cluster: name }, evidence: error.message }) };
      }
      const operator = others.get(cluster) ?? make({ ...pods, ...cluster });
      others.set(cluster, operator);
      return operator(tryRun, signal);
    };
  }

  /** Ends all connections but those of the own cluster. */
  async close(): Promise<void> {
    for (const { kube, reflectors } of this.#ready.values()) {
      reflectors.close();
      await kube.close();
    }
  }

  #of(name: string): Promise<Cluster> {
    const known = this.#opened.get(name);
    if (known !== undefined) return known;
    const opening = this.#deps.open(name).then(
      cluster => {
        this.#ready.set(name, cluster);
        this.#deps.onOpened(name, cluster);
        return cluster;
      },
      error => {
        // The kubeconfig may have the context the next time.
        this.#opened.delete(name);
        throw error;
      },
    );
    this.#opened.set(name, opening);
    return opening;
  }
}
