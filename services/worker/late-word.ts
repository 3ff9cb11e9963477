import type { Outcome } from "#core/outcome.ts";
import type { Pod } from "#kube/pod.ts";
import type { PodReflector } from "#kube/pod-reflector.ts";
import { podWord } from "#kube/pod-word.ts";

export interface LateWordOptions {
  reflector: Pick<PodReflector, "subscribe">;
  /** As it was when the try ended. */
  pod: Pod;
  /** As it is recorded. */
  outcome: Outcome;
  /** Hears at most once, of a pod that says something else than what is recorded. */
  onDispute(later: { code: string; message: string }): void;
}

/** A pod that has not settled by then tells nothing any more. */
const LISTEN_MS = 120_000;

const hasSettled = ({ status }: Pod): boolean => status.phase === "Failed" || status.phase === "Succeeded";

/**
 * Listens to a pod after its try was recorded, until the pod has settled or is gone. A try ends with its main container, so the
 * phase may disagree later: the node was drained or ran full in between. What is recorded stands.
 */
export function listenForLateWord({ reflector, pod, outcome, onDispute }: LateWordOptions): void {
  // Whoever stopped the pod knows why it ended.
  if (outcome.code === "Cancelled" || outcome.code === "Timeout") return;
  const hear = (now: Pod, isLast: boolean) => {
    const word = podWord(now);
    const disputes = word !== undefined && word.code !== outcome.code;
    if (disputes) onDispute(word);
    if (disputes || isLast || (hasSettled(now) && now.metadata.deletionTimestamp === undefined)) stop();
  };
  const unsubscribe = reflector.subscribe(pod.metadata.name, change => {
    if ("pod" in change)
      hear(change.pod.metadata.uid === pod.metadata.uid ? change.pod : pod, change.pod.metadata.uid !== pod.metadata.uid);
    else hear(change.gone ?? pod, true);
  });
  const timer = setTimeout(unsubscribe, LISTEN_MS).unref();
  const stop = () => {
    clearTimeout(timer);
    unsubscribe();
  };
}
