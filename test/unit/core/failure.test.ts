import assert from "node:assert/strict";
import { ERRORS } from "#core/errors.ts";
import { adviceFor, explain, failure, sentenceOf } from "#core/failure.ts";
import { FAILURE_CODES, FAILURES, type FailureRow, failureRow } from "#core/failure-codes.ts";
import { cancelled, failed, succeeded } from "#core/outcome.ts";

const ROWS: readonly (readonly [string, FailureRow])[] = Object.entries(FAILURES);

describe("the table of failures", () => {
  for (const [code, row] of ROWS) {
    it(`${code} says what happened and what to do`, () => {
      assert.match(code, /^(WL_[A-Z_]+|[A-Z][A-Za-z0-9]+\*?)$/);
      assert.match(row.what, /^[A-Za-z"]/);
      assert.ok(!row.what.endsWith("."), "it goes into a sentence");
      assert.match(row.advice, /^[A-Z].*\.$/);
      assert.notEqual(row.blame, "none");
      if (row.waits) assert.equal(row.blame, "infra", "only the cluster can be waited for");
    });
  }

  it("knows the codes that retry rules may name", () => assert.deepEqual(FAILURE_CODES, Object.keys(FAILURES)));

  const lookups: readonly [code: string, blame: string | undefined][] = [
    ["OOMKilled", "user"],
    ["OutOfcpu", "infra"],
    ["OutOfnvidia.com/gpu", "infra"],
    ["Nonsense", undefined],
    ["toString", undefined],
  ];
  for (const [code, blame] of lookups) it(`${code} → ${blame}`, () => assert.equal(failureRow(code)?.blame, blame));
});

describe("failure", () => {
  it("fills in what the sentence leaves open", () => {
    const outcome = failure("OOMKilled", { container: "main", exitCode: 137, values: { limit: "its limit of 64Mi" } });
    assert.deepEqual(outcome, {
      result: "failed",
      code: "OOMKilled",
      blame: "user",
      message: 'container "main" used more memory than its limit of 64Mi',
      exitCode: 137,
      container: "main",
    });
  });

  it("keeps the evidence small, for it goes into Redis", () => {
    const { evidence } = failure("Unschedulable", { evidence: "node ".repeat(10_000) });
    assert.equal(evidence?.length, 1_000);
    assert.equal(failure("Unschedulable", { evidence: " \n" }).evidence, undefined);
  });

  it("refuses a code that the table does not know", () => {
    assert.throws(() => failure("Nonsense" as "Failed"), TypeError);
  });
});

describe("a failure for people", () => {
  const outcome = failure("PodSecurity", { evidence: 'violates PodSecurity "restricted:latest"' });
  const pod = { namespace: "ns", name: "p-1", uid: "u", node: "node-1" };

  it("has four parts: what happened, where, the evidence, what to do", () => {
    assert.deepEqual(explain({ ...outcome, container: "main" }, pod), [
      "PodSecurity: the namespace's PodSecurity level refuses the pod",
      "where: pod ns/p-1, node node-1, container main",
      'evidence: violates PodSecurity "restricted:latest"',
      `what to do: ${FAILURES.PodSecurity.advice}`,
    ]);
  });

  it("has fewer when there is nothing to say", () => {
    assert.deepEqual(explain(succeeded()), ["Completed"]);
    assert.deepEqual(explain(cancelled("by hand")), ["Cancelled: by hand"]);
  });

  it("fits into one line", () => {
    assert.equal(
      sentenceOf(outcome),
      'PodSecurity: the namespace\'s PodSecurity level refuses the pod: violates PodSecurity "restricted:latest"',
    );
  });

  it("has advice for our own errors, too, and none for what is no failure", () => {
    assert.equal(adviceFor(failed("WL_DAG_TYPE", "config", "x")), ERRORS.WL_DAG_TYPE);
    assert.equal(adviceFor(succeeded("Completed")), undefined);
    assert.equal(adviceFor(failed("constructor", "user", "x")), undefined);
  });
});
