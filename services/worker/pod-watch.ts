import { cancelled, type Outcome } from "#core/outcome.ts";
import { awaitsPhase, PHASE_LAG_MS } from "#kube/awaits-phase.ts";
import { classify, classifyGone, type Observation } from "#kube/classify.ts";
import type { Kube } from "#kube/kube.ts";
import { type Pod, podRef } from "#kube/pod.ts";
import type { PodChange } from "#kube/pod-listeners.ts";
import type { PodReflector } from "#kube/pod-reflector.ts";
import { type Deadline, deadlineOf, type PodLimits } from "./pod-limits.ts";

export interface PodWatchOptions {
  kube: Kube;
  reflector: Pick<PodReflector, "subscribe" | "sight">;
  pod: Pod;
  limits: PodLimits;
  /** "cancel" deletes the pod and waits for its end; anything else leaves it alone. */
  signal: AbortSignal;
  /** "keep": a cancel leaves a pod alone that has begun its work. Default: "delete". */
  onKill?: "delete" | "keep" | undefined;
  now(): number;
  /** Hears of every change that means something. */
  onChange(seen: Observation, pod: Pod): void;
  /** Patience is over: says what the try ends with, now that there is time to ask. Default: what the state said. */
  explain?(overdue: Outcome, pod: Pod): Promise<Outcome>;
  onError(error: unknown): void;
}

/** A state heard of this recently needs no second look before the pod is ended for it. */
const FRESH_MS = 5_000;
/** While the API server cannot be seen, and nothing can be decided. */
const LOOK_AGAIN_MS = 1_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export type PodEnd =
  /** `left`: the pod goes on without its try. `deleted`: it is gone, or the cluster has taken the order to delete it. */
  { type: "ended"; outcome: Outcome; last: Observation; pod: Pod; left: boolean; deleted: boolean } | { type: "stopped" };

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
  #heardAt = 0;
  #settled = false;

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
    if (this.#settled) return;
    this.#pod = pod;
    this.#heardAt = this.#options.now();
    this.#seen = classify(pod, { deletedByUs: this.#stopping });
    this.#options.onChange(this.#seen, pod);
    if (this.#seen.outcome) return this.#ended(this.#seen.outcome);
    this.#arm();
  }

  #ended(outcome: Outcome): void {
    clearTimeout(this.#timer);
    if (awaitsPhase(this.#pod, outcome)) this.#timer = setTimeout(() => this.#finish(outcome), PHASE_LAG_MS);
    else this.#finish(outcome);
  }

  #arm(waitMs?: number): void {
    clearTimeout(this.#timer);
    if (this.#settled) return;
    const deadline = this.#deadline();
    if (deadline === undefined) return;
    const wait = waitMs ?? Math.max(0, deadline.at - this.#options.now());
    this.#timer = setTimeout(() => void this.#due(), Math.min(wait, LONGEST_TIMER_MS));
  }

  /** Clocks stand still while the API server cannot be seen. */
  #deadline(): Deadline | undefined {
    const { limits, now, reflector } = this.#options;
    const deadline = deadlineOf(this.#seen, Date.parse(this.#pod.metadata.creationTimestamp ?? "") || now(), limits);
    return deadline && { ...deadline, at: deadline.at + reflector.sight.unseenMs(deadline.sinceAt, now()) };
  }

  /** Nothing is ended for a state that may have passed: what was heard a while ago is looked at once more. */
  async #due(): Promise<void> {
    const { now, reflector } = this.#options;
    const deadline = this.#deadline();
    if (deadline === undefined || deadline.at > now()) return this.#arm();
    if (!reflector.sight.isClear) return this.#arm(LOOK_AGAIN_MS);
    if (now() - this.#heardAt <= FRESH_MS) return this.#overdue(deadline.outcome);
    await this.#lookAgain();
  }

  async #lookAgain(): Promise<void> {
    const { kube, signal, onError } = this.#options;
    const { namespace, name, uid } = podRef(this.#pod);
    try {
      const found = await kube.getPod(namespace, name, signal);
      if (found?.metadata.uid === uid) this.#see(found);
      else this.#finish(classifyGone(this.#pod, { deletedByUs: this.#stopping }));
    } catch (error) {
      if (!signal.aborted) onError(error);
      this.#arm(LOOK_AGAIN_MS);
    }
  }

  /** A pod that is already on its way out is given up; every other is deleted, and its end awaited. */
  async #overdue(outcome: Outcome): Promise<void> {
    if (this.#seen.state === "stopping") return this.#finish(this.#stopping ?? outcome);
    const { explain } = this.#options;
    const seen = this.#seen;
    const explained = explain === undefined ? outcome : await explain(outcome, this.#pod);
    // It went on while we asked: the new state has a deadline of its own.
    if (!this.#settled && seen === this.#seen) this.#stop(explained);
  }

  readonly #aborted = (): void => {
    const { signal, onKill } = this.#options;
    if (signal.reason === "cancel" && onKill === "keep" && this.#seen.state === "running") this.#leave();
    else if (signal.reason === "cancel") this.#stop(cancelled("cancelled by a user"));
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

  /** Nobody waits for the pod any more; what it does is its own matter, as the task wishes. */
  #leave(): void {
    const outcome = cancelled("cancelled by a user; the pod goes on by itself (onKill: keep)");
    this.#settle({ type: "ended", outcome, last: this.#seen, pod: this.#pod, left: true, deleted: false });
  }

  #finish(outcome: Outcome): void {
    this.#settle({ type: "ended", outcome, last: this.#seen, pod: this.#pod, left: false, deleted: this.#deleted });
  }

  #settle(end: PodEnd): void {
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#unsubscribe();
    this.#options.signal.removeEventListener("abort", this.#aborted);
    this.#resolve(end);
  }
}
