import type { Outcome } from "#core/outcome.ts";
import type { Observation } from "#kube/classify.ts";
import type { Kube } from "#kube/kube.ts";
import type { LogTail } from "./log-tail.ts";

export interface FinishPod {
  kube: Kube;
  tail: LogTail;
  outcome: Outcome;
  last: Observation;
  /** The pod is gone, or about to. */
  deleted: boolean;
  /** 0: the pod goes as soon as its log is stored. Else the janitor deletes it when the time is up. */
  keepMs: number;
}

/** What is left to do when a try's outcome is recorded: its log first, then its pod. */
export async function finishPod({ kube, tail, outcome, last, deleted, keepMs }: FinishPod): Promise<void> {
  await tail.finish(outcome, last);
  if (deleted || keepMs > 0) return;
  const { namespace, name, uid } = last.pod;
  // The main container has ended; what else still runs in the pod (a sidecar) gets its grace.
  await kube.deletePod(namespace, name, { uid });
}
