import assert from "node:assert/strict";
import type { ApprovalDecision } from "#state/approval-store.ts";
import { approvalOperator } from "../../../../services/worker/operators/approval.ts";
import { CALM, NOW, tryRunOf } from "./try-run.ts";

const decision = (answer: string): ApprovalDecision => ({ answer, by: "ann", at: NOW, note: "too early" });

async function ask(more: object, { given, begunAt = NOW }: { given?: ApprovalDecision; begunAt?: number } = {}) {
  const asked: unknown[] = [];
  const decisionOf = async (...of: unknown[]) => {
    asked.push(of);
    return given;
  };
  const told: unknown[] = [];
  const ask = async (...of: unknown[]) => void told.push(of);
  const operator = approvalOperator({ approvals: { decisionOf, ask }, now: () => NOW });
  const end = await operator(tryRunOf({ operator: "approval", question: "Publish?", ...more }, { begunAt, try: 2 }), CALM);
  assert.deepEqual(asked, [["etl~1", "ask", 2]]);
  assert.deepEqual(
    told,
    end.type === "deferred" && begunAt === NOW ? [["etl~1", "ask", NOW]] : [],
    "who watches hears of it once",
  );
  return end;
}

describe("an approval", () => {
  it("defers while nobody has decided, with its question as what it says", async () =>
    assert.deepEqual(await ask({}), { type: "deferred", delayMs: 60_000, code: "AwaitingApproval", message: "Publish?" }));

  it("looks again no later than at its timeout", async () => {
    const end = await ask({ timeoutMs: 10_000 }, { begunAt: NOW - 9_000 });
    assert.equal(end.type === "deferred" && end.delayMs, 1_000);
  });

  const answers: readonly (readonly [answer: string, result: string, code: string, output: unknown])[] = [
    ["approve", "success", "Completed", "approve"],
    ["eu", "success", "Completed", "eu"],
    ["reject", "failed", "ApprovalRejected", undefined],
  ];
  for (const [answer, result, code, output] of answers) {
    it(`${answer}: ${result}`, async () => {
      const end = await ask({ options: ["eu"], timeoutMs: 1 }, { given: decision(answer), begunAt: NOW - 5_000 });
      assert.ok(end.type === "ended");
      assert.deepEqual([end.outcome.result, end.outcome.code, end.output], [result, code, output]);
      assert.match(end.outcome.message, /ann/);
    });
  }

  const timeouts: readonly (readonly [onTimeout: string | undefined, result: string, code: string, output: unknown])[] = [
    [undefined, "failed", "ApprovalTimeout", undefined],
    ["fail", "failed", "ApprovalTimeout", undefined],
    ["approve", "success", "Completed", "approve"],
    ["reject", "failed", "ApprovalRejected", undefined],
    ["skip", "skipped", "Skipped", undefined],
  ];
  for (const [onTimeout, result, code, output] of timeouts) {
    it(`nobody in time, onTimeout ${onTimeout}: ${result}`, async () => {
      const end = await ask({ timeoutMs: 60_000, ...(onTimeout && { onTimeout }) }, { begunAt: NOW - 60_000 });
      assert.ok(end.type === "ended");
      assert.deepEqual([end.outcome.result, end.outcome.code, end.output], [result, code, output]);
    });
  }
});
