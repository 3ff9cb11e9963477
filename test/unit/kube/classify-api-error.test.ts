import assert from "node:assert/strict";
import { WindlassError } from "#core/errors.ts";
import { classifyApiError } from "#kube/classify-api-error.ts";
import { KubeError } from "#kube/kube-error.ts";

const answer = (status: number, reason: string, message: string, details: object = {}, headers = {}) =>
  KubeError.fromResponse(status, headers, JSON.stringify({ kind: "Status", reason, message, details }));

const SERVICE_ACCOUNT = 'User "system:serviceaccount:windlass:worker"';

/** Texts as Kubernetes 1.34 writes them. */
const TABLE: readonly [what: string, error: unknown, action: string, code: string, blame?: string][] = [
  [
    "quota",
    answer(403, "Forbidden", 'pods "p" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2'),
    "wait",
    "QuotaExceeded",
  ],
  [
    "quota race",
    answer(409, "Conflict", 'Operation cannot be fulfilled on resourcequotas "q"', { kind: "resourcequotas" }),
    "restart",
    "QuotaRace",
    "infra",
  ],
  [
    "quota evaluation",
    answer(500, "InternalError", "Internal error occurred: resource quota evaluation timed out"),
    "restart",
    "ApiUnavailable",
    "infra",
  ],
  [
    "RBAC",
    answer(
      403,
      "Forbidden",
      `pods is forbidden: ${SERVICE_ACCOUNT} cannot create resource "pods" in API group "" in the namespace "x"`,
    ),
    "wait",
    "NotAllowed",
  ],
  [
    "PodSecurity",
    answer(
      403,
      "Forbidden",
      'pods "p" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
    ),
    "fail",
    "PodSecurity",
    "config",
  ],
  [
    "LimitRange",
    answer(403, "Forbidden", 'pods "p" is forbidden: maximum cpu usage per Container is 1, but limit is 2'),
    "fail",
    "LimitRange",
    "config",
  ],
  [
    "priority class",
    answer(403, "Forbidden", 'pods "p" is forbidden: no PriorityClass with name high was found'),
    "fail",
    "AdmissionDenied",
    "config",
  ],
  [
    "service account",
    answer(403, "Forbidden", 'pods "p" is forbidden: error looking up service account x/y: serviceaccount "y" not found'),
    "fail",
    "ServiceAccountMissing",
    "config",
  ],
  [
    "namespace ends",
    answer(403, "Forbidden", 'pods "p" is forbidden: unable to create new content in namespace x because it is being terminated'),
    "wait",
    "NamespaceTerminating",
  ],
  [
    "namespace",
    answer(404, "NotFound", 'namespaces "x" not found', { kind: "namespaces", name: "x" }),
    "fail",
    "NamespaceMissing",
    "config",
  ],
  [
    "a field of an applied object that does not fit its schema",
    answer(
      500,
      "",
      "failed to create typed patch object (x/y; v1, Kind=Job): .spec.run: expected string, got &value.valueUnstructured{7}",
    ),
    "fail",
    "Invalid",
    "config",
  ],
  [
    "webhook says no with 403",
    answer(403, "Forbidden", 'admission webhook "w" denied the request: no'),
    "fail",
    "WebhookDenied",
    "config",
  ],
  [
    "webhook says no with 400",
    answer(400, "BadRequest", 'admission webhook "w" denied the request: no'),
    "fail",
    "WebhookDenied",
    "config",
  ],
  [
    "webhook is away",
    answer(500, "InternalError", 'Internal error occurred: failed calling webhook "w": connection refused'),
    "restart",
    "WebhookUnreachable",
    "infra",
  ],
  [
    "invalid",
    answer(422, "Invalid", 'Pod "p" is invalid', { causes: [{ field: "spec.containers[0].image", message: "Required value" }] }),
    "fail",
    "Invalid",
    "config",
  ],
  [
    "strict decoding",
    answer(400, "BadRequest", 'strict decoding error: unknown field "spec.containers[0].foo"'),
    "fail",
    "Rejected",
    "config",
  ],
  ["too large", answer(413, "RequestEntityTooLarge", "Request entity too large: limit is 3145728"), "fail", "Rejected", "config"],
  ["token", answer(401, "Unauthorized", "Unauthorized"), "wait", "Unauthorized"],
  [
    "busy",
    KubeError.fromResponse(429, { "retry-after": "20" }, "Too many requests, please try again later."),
    "restart",
    "ApiUnavailable",
    "infra",
  ],
  ["defect", answer(500, "InternalError", "panic"), "restart", "ApiUnavailable", "infra"],
  ["no answer", KubeError.noAnswer("Network", "connect ECONNREFUSED"), "restart", "ApiUnavailable", "infra"],
  ["name taken", new WindlassError("WL_POD_NAME_TAKEN", "pod x belongs to somebody"), "fail", "WL_POD_NAME_TAKEN", "config"],
  ["kubeconfig", new WindlassError("WL_KUBE_CONFIG", "cannot be read"), "wait", "WL_KUBE_CONFIG"],
  ["our own mistake", new TypeError("undefined is not a function"), "restart", "WorkerError", "infra"],
];

describe("classifyApiError", () => {
  for (const [what, error, action, code, blame] of TABLE) {
    it(`${what} → ${action} ${code}`, () => {
      const verdict = classifyApiError(error);
      assert.equal(verdict.action, action);
      const got = verdict.action === "wait" ? { code: verdict.code, blame: undefined } : verdict.outcome;
      assert.deepEqual({ code: got.code, blame: got.blame }, { code, blame });
      const words = verdict.action === "wait" ? verdict.message : (verdict.outcome.evidence ?? verdict.outcome.message);
      assert.ok(words.startsWith((error as Error).message), "the server's own words come first");
    });
  }

  it("names the fields that the sentence leaves out", () => {
    const verdict = classifyApiError(TABLE.find(([what]) => what === "invalid")![1]);
    assert.ok(verdict.action === "fail");
    assert.equal(verdict.outcome.evidence, 'Pod "p" is invalid; spec.containers[0].image: Required value');
  });

  it("waits as long as the server asks", () => {
    const verdict = classifyApiError(TABLE.find(([what]) => what === "busy")![1]);
    assert.ok(verdict.action === "restart");
    assert.equal(verdict.retryAfterMs, 20_000);
  });

  it("gives a missing service account a minute to appear", () => {
    const verdict = classifyApiError(TABLE.find(([what]) => what === "service account")![1]);
    assert.ok(verdict.action === "fail");
    assert.equal(verdict.graceMs, 60_000);
  });
});
