import type { Pod } from "./pod.ts";
import { statusReasonOutcome } from "./status-reasons.ts";

/**
 * What Kubernetes itself says of a pod's end, whatever the containers say: an eviction, a shutdown, a preemption. undefined: nothing.
 * Pure.
 */
export function podWord({ status }: Pod): { code: string; message: string } | undefined {
  const known = statusReasonOutcome(status);
  if (known !== undefined) return { code: known.code, message: known.evidence ?? known.message };
  const disruption = status.conditions?.find(({ type, status }) => type === "DisruptionTarget" && status === "True");
  if (disruption === undefined) return undefined;
  return { code: "Disrupted", message: [disruption.reason, disruption.message].filter(Boolean).join(": ") };
}
