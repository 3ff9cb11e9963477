import type { Outcome } from "#core/outcome.ts";
import type { Observation } from "#kube/classify.ts";
import type { Kube } from "#kube/kube.ts";
import type { PodLogs } from "./pod-logs.ts";

export interface FinishPod {
  kube: Kube;
  logs: PodLogs;
  outcome: Outcome;
  last: Observation;
  /** The pod is gone, or about to. */
  deleted: boolean;
  /** 0: the pod goes as soon as its log is stored. Else the janitor deletes it when the time is up. */
  keepMs: number;
}

/** What is left to do when a try's outcome is recorded: its logs first, then its pod, then the last words of what still ran in it. */
export async function finishPod({ kube, logs, outcome, last, deleted, keepMs }: FinishPod): Promise<void> {
  await logs.drain(outcome);
  if (!deleted && keepMs > 0) return logs.conclude({ deleted: false });
  const { namespace, name, uid } = last.pod;
  // The main container has ended; what else still runs in the pod (a sidecar) gets its grace.
  if (!deleted) await kube.deletePod(namespace, name, { uid });
  await logs.conclude({ deleted: true });
}
