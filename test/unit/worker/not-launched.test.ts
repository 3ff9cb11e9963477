import assert from "node:assert/strict";
import { KubeError } from "#kube/kube-error.ts";
import { notLaunched } from "../../../services/worker/not-launched.ts";

const answer = (status: number, message: string) => KubeError.fromResponse(status, {}, JSON.stringify({ message }));
const QUOTA = answer(403, 'pods "p" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2');
const NO_ACCOUNT = answer(403, 'pods "p" is forbidden: error looking up service account ns/a: serviceaccount "a" not found');
const PATIENCE = { limits: { configGraceMs: 60_000 } };
const DAY_MS = 86_400_000;

/** What the worker does after the try has waited so long. */
const TABLE: readonly [what: string, error: unknown, waitedMs: number, expected: string][] = [
  ["a full quota", QUOTA, 0, "postponed 15000 QuotaExceeded"],
  ["a quota that stays full is asked less often", QUOTA, 60_000, "postponed 30000 QuotaExceeded"],
  ["without any limit", QUOTA, 30 * DAY_MS, "postponed 120000 QuotaExceeded"],
  [
    "an API server that is away",
    KubeError.noAnswer("Network", "connect ECONNREFUSED"),
    30 * DAY_MS,
    "postponed 10000 ApiUnavailable",
  ],
  [
    "no right to create pods",
    answer(403, 'User "x" cannot create resource "pods" in API group'),
    0,
    "postponed 60000 NotAllowed",
  ],
  ["a service account that may still come", NO_ACCOUNT, 59_999, "postponed 5000 ServiceAccountMissing"],
  ["a service account that did not come", NO_ACCOUNT, 60_000, "ended config ServiceAccountMissing"],
  ["a pod that is wrong", answer(422, "invalid"), 0, "ended config Invalid"],
  ["a defect of the worker uses its budget", new TypeError("x is not a function"), 0, "ended infra WorkerError"],
];

describe("a pod that could not be launched", () => {
  for (const [what, error, waitedMs, expected] of TABLE) {
    it(`${what} → ${expected}`, () => {
      const end = notLaunched(error, 1_000, { ...PATIENCE, now: () => 1_000 + waitedMs });
      assert.ok(end.type !== "stopped");
      const told = end.type === "ended" ? [end.type, end.outcome.blame, end.outcome.code] : [end.type, end.delayMs, end.code];
      assert.equal(told.join(" "), expected);
    });
  }

  it("says why it waits, in the cluster's own words", () => {
    const end = notLaunched(QUOTA, 0, { ...PATIENCE, now: () => 0 });
    assert.ok(end.type === "postponed" && end.message.includes("exceeded quota: q, requested: pods=1"));
  });
});
