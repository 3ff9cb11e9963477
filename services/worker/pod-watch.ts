import { cancelled, type Outcome } from "#core/outcome.ts";
import { classify, classifyGone, type Observation } from "#kube/classify.ts";
import type { Kube } from "#kube/kube.ts";
import { type Pod, podRef } from "#kube/pod.ts";
import type { PodChange, PodReflector } from "#kube/pod-reflector.ts";
import type { PodLimits } from "./pod-limits.ts";
import { deadlineOf } from "./pod-limits.ts";

export interface PodWatchOptions {
  kube: Kube;
  reflector: Pick<PodReflector, "subscribe">;
  pod: Pod;
  limits: PodLimits;
  /** "cancel" deletes the pod and waits for its end; anything else leaves it alone. */
  signal: AbortSignal;
  now(): number;
  /** Hears of every change that means something. */
  onChange(seen: Observation): void;
  onError(error: unknown): void;
}

/** `deleted`: the pod is gone, or the cluster has taken the order to delete it. */
export type PodEnd = { type: "ended"; outcome: Outcome; last: Observation; deleted: boolean } | { type: "stopped" };

/**
 * Follows one pod to its end. Decides nothing by itself but when patience is over: what a state means is `classify`'s matter,
 * how long it may last `deadlineOf`'s.
 */
export function watchPod(options: PodWatchOptions): Promise<PodEnd> {
  return new PodWatch(options).end;
}

class PodWatch {
  readonly end: Promise<PodEnd>;
  readonly #options: PodWatchOptions;
  readonly #resolve: (end: PodEnd) => void;
  readonly #unsubscribe: () => void;
  #timer: NodeJS.Timeout | undefined;
  /** What the try ends with once the pod that we deleted has ended. */
  #stopping: Outcome | undefined;
  #deleted = false;
  #pod: Pod;
  #seen: Observation;

  constructor(options: PodWatchOptions) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<PodEnd>();
    this.end = promise;
    this.#resolve = resolve;
    this.#pod = options.pod;
    this.#seen = classify(options.pod);
    this.#unsubscribe = options.reflector.subscribe(options.pod.metadata.name, change => this.#hear(change));
    options.signal.addEventListener("abort", this.#aborted);
    this.#see(options.pod);
    if (options.signal.aborted) this.#aborted();
  }

  #hear(change: PodChange): void {
    if ("pod" in change) {
      if (change.pod.metadata.uid === this.#pod.metadata.uid) this.#see(change.pod);
      else this.#gone(this.#pod);
    } else if (!change.leftSelector && (change.gone === undefined || change.gone.metadata.uid === this.#pod.metadata.uid)) {
      this.#gone(change.gone ?? this.#pod);
    }
  }

  #gone(last: Pod): void {
    this.#deleted = true;
    this.#finish(classifyGone(last, { deletedByUs: this.#stopping }));
  }

  #see(pod: Pod): void {
    this.#pod = pod;
    this.#seen = classify(pod, { deletedByUs: this.#stopping });
    this.#options.onChange(this.#seen);
    if (this.#seen.outcome) return this.#finish(this.#seen.outcome);
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const { limits, now } = this.#options;
    const deadline = deadlineOf(this.#seen, Date.parse(this.#pod.metadata.creationTimestamp ?? "") || now(), limits);
    if (deadline === undefined) return;
    const wait = Math.max(0, deadline.at - now());
    this.#timer = setTimeout(() => this.#overdue(deadline.outcome), Math.min(wait, 2 ** 31 - 1));
  }

  /** A pod that is already on its way out is given up; every other is deleted, and its end awaited. */
  #overdue(outcome: Outcome): void {
    if (this.#seen.state === "stopping") this.#finish(this.#stopping ?? outcome);
    else this.#stop(outcome);
  }

  readonly #aborted = (): void => {
    if (this.#options.signal.reason === "cancel") this.#stop(cancelled("cancelled by a user"));
    else this.#settle({ type: "stopped" });
  };

  #stop(outcome: Outcome): void {
    if (this.#stopping) return;
    this.#stopping = outcome;
    const { kube, onError } = this.#options;
    const { namespace, name, uid } = podRef(this.#pod);
    kube.deletePod(namespace, name, { uid }).then(
      result => {
        this.#deleted = true;
        if (result !== "deleted") this.#gone(this.#pod);
      },
      error => {
        // The pod may still run: the job is handed on, and whoever takes it tries again.
        onError(error);
        this.#settle({ type: "stopped" });
      },
    );
  }

  #finish(outcome: Outcome): void {
    this.#settle({ type: "ended", outcome, last: this.#seen, deleted: this.#deleted });
  }

  #settle(end: PodEnd): void {
    clearTimeout(this.#timer);
    this.#unsubscribe();
    this.#options.signal.removeEventListener("abort", this.#aborted);
    this.#resolve(end);
  }
}
