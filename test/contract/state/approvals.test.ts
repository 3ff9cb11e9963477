import assert from "node:assert/strict";
import { TASK_STATES, type TaskState } from "#core/run.ts";
import { openRecord, type Record } from "./record.ts";

const YES = { answer: "approve", by: "ann", at: 5_000, note: "fine" };

describe("approvals", () => {
  let record: Record;
  beforeEach(async () => {
    record = await openRecord();
    await record.seedRun();
  });
  afterEach(() => record.test.close());

  it("the first answer counts, with who and when, and the history tells of it", async () => {
    await record.seedTask("ask", { state: "deferred", gen: 2, try: 3 });
    assert.equal(await record.approvals.decisionOf("etl~1", "ask", 3), undefined);
    assert.deepEqual(await record.approvals.decide("etl~1", "ask", YES), { result: "decided", gen: 2 });
    const second = await record.approvals.decide("etl~1", "ask", { ...YES, answer: "reject", by: "bob" });
    assert.deepEqual(second, { result: "taken", decision: YES });
    assert.deepEqual(await record.approvals.decisionOf("etl~1", "ask", 3), YES);
    const told = (await record.runs.history("etl~1")).filter(({ type }) => type === "approval.decided");
    assert.deepEqual(told, [{ type: "approval.decided", taskId: "ask", ...YES }]);
  });

  it("another try asks again", async () => {
    await record.seedTask("ask", { state: "deferred", try: 1 });
    await record.approvals.decide("etl~1", "ask", YES);
    await record.seedTask("ask", { state: "deferred", try: 2 });
    assert.equal((await record.approvals.decide("etl~1", "ask", { ...YES, answer: "reject" })).result, "decided");
    assert.equal((await record.approvals.decisionOf("etl~1", "ask", 1))?.answer, "approve");
  });

  it("of many at once one counts", async () => {
    await record.seedTask("ask", { state: "deferred", try: 1 });
    const names = ["a", "b", "c", "d", "e"];
    const results = await Promise.all(names.map(by => record.approvals.decide("etl~1", "ask", { ...YES, by })));
    assert.equal(results.filter(({ result }) => result === "decided").length, 1);
  });

  const asks: readonly TaskState[] = ["deferred", "running"];
  for (const state of TASK_STATES) {
    const expected = asks.includes(state) ? "decided" : "not-asking";
    it(`a task that is ${state}: ${expected}`, async () => {
      await record.seedTask("ask", { state, try: 1 });
      const before = await record.dump();
      assert.equal((await record.approvals.decide("etl~1", "ask", YES)).result, expected);
      assert.equal((await record.dump()) === before, expected === "not-asking");
    });
  }

  it("no such task, no such run: not-asking, and nothing is written", async () => {
    const before = await record.dump();
    assert.equal((await record.approvals.decide("etl~1", "none", YES)).result, "not-asking");
    assert.equal((await record.approvals.decide("etl~9", "ask", YES)).result, "not-asking");
    assert.equal(await record.dump(), before);
  });
});
