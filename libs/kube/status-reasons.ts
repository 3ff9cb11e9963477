import { failure } from "#core/failure.ts";
import type { FailureCode } from "#core/failure-codes.ts";
import type { Outcome } from "#core/outcome.ts";
import type { PodStatus } from "./pod.ts";

interface Row {
  reason: RegExp;
  /** Narrows the reason down. */
  message?: RegExp;
  /** Default: the reason itself. */
  code?: FailureCode;
  /** The phase may still lag behind. */
  anyPhase?: boolean;
}

/** Older kubelets say of a node under pressure "which exceeds its request": that is the node's matter. */
const OWN_STORAGE_LIMIT = /exceeds the (total )?limit|exceeded its local ephemeral storage limit/i;

/** `status.reason` of a pod that Kubernetes itself ended or refused; the first row that fits counts. */
const STATUS_REASONS: readonly Row[] = [
  { reason: /^DeadlineExceeded$/, anyPhase: true },
  { reason: /^Evicted$/, message: OWN_STORAGE_LIMIT, code: "StorageLimitExceeded" },
  { reason: /^Evicted$/ },
  // Asked to end by its node, or lost with it.
  { reason: /^(Terminated|NodeShutdown|Shutdown|NodeLost|NodeNotReady|Preempting|ProviderFailed)$/ },
  // The kubelet refused the pod: the scheduler's picture of the node was old.
  { reason: /^(OutOf.+|NodeAffinity|UnexpectedAdmissionError|TopologyAffinityError|InvalidNodeInfo)$/ },
  // No node of this kind can ever run it.
  { reason: /^(PodOSNotSupported|InitContainerRestartPolicyForbidden|SupplementalGroupsPolicyNotSupported)$/ },
];

/** The outcome that `status.reason` alone decides, whatever the containers say. */
export function statusReasonOutcome({ phase, reason = "", message = "" }: PodStatus): Outcome | undefined {
  const row = STATUS_REASONS.find(
    candidate =>
      (candidate.anyPhase || phase === "Failed") && candidate.reason.test(reason) && (candidate.message?.test(message) ?? true),
  );
  if (row === undefined) return undefined;
  const resource = reason.replace(/^OutOf/, "");
  return failure(row.code ?? (reason as FailureCode), { evidence: message, values: { resource } });
}
