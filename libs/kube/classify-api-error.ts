import { WindlassError } from "#core/errors.ts";
import { failure } from "#core/failure.ts";
import { type FailureCode, failureRow } from "#core/failure-codes.ts";
import { failed, type Outcome } from "#core/outcome.ts";
import { KubeError } from "./kube-error.ts";

/**
 * What follows from a call to the API server that failed for good.
 * fail: the pod is wrong, repeating cannot help (before `graceMs` it may: somebody else may still supply what is missing) ·
 * wait: the installation or the namespace has no room or no right; ask again after `retryAfterMs`, without limit and without using anything up ·
 * restart: the cluster had a bad moment; the try may start again after `retryAfterMs`.
 */
export type ApiVerdict =
  | { action: "fail"; outcome: Outcome; graceMs?: number }
  | { action: "wait"; code: string; message: string; retryAfterMs: number }
  | { action: "restart"; outcome: Outcome; retryAfterMs: number };

interface Rule {
  code: FailureCode;
  fits(error: KubeError): boolean;
  action: ApiVerdict["action"];
  /** For wait and restart; a longer Retry-After wins. */
  retryAfterMs?: number;
  message?(error: KubeError): string;
}

const says = (pattern: RegExp) => (error: KubeError) => pattern.test(error.message);
const forbidden = (pattern: RegExp) => (error: KubeError) => error.status === 403 && pattern.test(error.message);
const status =
  (...statuses: number[]) =>
  (error: KubeError) =>
    statuses.includes(error.status);

const LIMIT_RANGE =
  /(maximum|minimum) .+ usage per (Container|Pod|PersistentVolumeClaim) is|max limit to request ratio per|must specify (limits|requests)/;

/** The first rule that fits counts. Admission says no in many tongues, so texts come before status codes. */
const RULES: readonly Rule[] = [
  { code: "QuotaExceeded", fits: error => error.isQuota, action: "wait", retryAfterMs: 15_000 },
  { code: "QuotaRace", fits: error => error.isQuotaRace, action: "restart", retryAfterMs: 1_000 },
  { code: "WebhookUnreachable", fits: says(/failed calling webhook/), action: "restart", retryAfterMs: 10_000 },
  { code: "WebhookDenied", fits: says(/admission webhook ".*" denied the request/), action: "fail" },
  { code: "PodSecurity", fits: forbidden(/violates PodSecurity/), action: "fail" },
  { code: "NamespaceTerminating", fits: forbidden(/because it is being terminated/), action: "wait", retryAfterMs: 60_000 },
  { code: "ServiceAccountMissing", fits: forbidden(/error looking up service account/), action: "fail" },
  { code: "NotAllowed", fits: forbidden(/ cannot \w+ resource /), action: "wait", retryAfterMs: 60_000 },
  { code: "LimitRange", fits: forbidden(LIMIT_RANGE), action: "fail" },
  { code: "AdmissionDenied", fits: status(403), action: "fail" },
  { code: "Unauthorized", fits: status(401), action: "wait", retryAfterMs: 60_000 },
  { code: "NamespaceMissing", fits: error => error.isGone && error.details.kind === "namespaces", action: "fail" },
  // Server-side apply answers 500 to a field that does not fit its schema.
  { code: "Invalid", fits: says(/failed to create typed (patch|live) object/), action: "fail" },
  { code: "Invalid", fits: status(422), action: "fail", message: withFields },
  { code: "Rejected", fits: status(400, 404, 405, 409, 413, 415), action: "fail" },
  { code: "ApiUnavailable", fits: () => true, action: "restart", retryAfterMs: 10_000 },
];

/** Of createPod, launchPod and their like. An error that does not come from the API is the worker's own: it restarts the try. */
export function classifyApiError(error: unknown): ApiVerdict {
  if (error instanceof KubeError) return verdict(RULES.find(rule => rule.fits(error))!, error);
  const message = error instanceof Error ? error.message : String(error);
  // A kubeconfig that is being replaced says nothing about the task.
  if (error instanceof WindlassError && error.code === "WL_KUBE_CONFIG") {
    return { action: "wait", code: error.code, message, retryAfterMs: 60_000 };
  }
  if (error instanceof WindlassError) return { action: "fail", outcome: failed(error.code, "config", message) };
  return { action: "restart", outcome: failure("WorkerError", { evidence: message }), retryAfterMs: 10_000 };
}

function verdict({ code, action, message: words, ...rule }: Rule, error: KubeError): ApiVerdict {
  const message = words?.(error) ?? error.message;
  const retryAfterMs = Math.max(rule.retryAfterMs ?? 0, error.retryAfterMs ?? 0);
  const outcome = failure(code, { evidence: message });
  const graceMs = failureRow(code)?.graceMs;
  switch (action) {
    case "fail":
      return { action, outcome, ...(graceMs === undefined ? {} : { graceMs }) };
    case "wait":
      return { action, code, message, retryAfterMs };
    case "restart":
      return { action, outcome, retryAfterMs };
    default:
      return action satisfies never;
  }
}

/** The server's sentence names the fields, but only some servers do; the causes always do. */
function withFields({ message, details }: KubeError): string {
  const missing = (details.causes ?? []).filter(({ field = "" }) => field !== "" && !message.includes(field));
  return [message, ...missing.map(({ field, message: text = "" }) => `${field}: ${text}`)].join("; ");
}
