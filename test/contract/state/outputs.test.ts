import assert from "node:assert/strict";
import { failed, succeeded } from "#core/outcome.ts";
import type { TaskRun, TryRecord } from "#core/run.ts";
import type { Claim } from "#state/claim-store.ts";
import { openRecord, type Record } from "./record.ts";

const CLAIM: Claim = { runId: "etl~1", taskId: "load.eu", gen: 1, try: 2, epoch: 3 };
const RUNNING: TaskRun = { state: "running", gen: 1, try: 2, epoch: 3, infra: 0, startedAt: 2_000, worker: "w1" };
const NEXT: TaskRun = { ...RUNNING, state: "success", endedAt: 9_000, outcome: succeeded() };
const TRY: TryRecord = { try: 2, infra: 0, state: "success", startedAt: 2_000, endedAt: 9_000, outcome: succeeded() };

describe("what a try leaves", () => {
  let record: Record;
  beforeEach(async () => {
    record = await openRecord();
    await record.seedRun();
    await record.seedTask("load.eu", RUNNING);
  });
  afterEach(() => record.test.close());

  describe("its result", () => {
    for (const output of [{ rows: 3 }, [], "text", 0, false, null]) {
      it(`is kept by task: ${JSON.stringify(output)}`, async () => {
        assert.ok(await record.claims.finish({ ...CLAIM, next: NEXT, record: TRY, output, at: 9_000 }));
        assert.deepEqual(await record.runs.outputs("etl~1"), new Map([["load.eu", output]]));
        assert.deepEqual(await record.task("load.eu"), NEXT, "the leader does not have to carry it");
      });
    }

    it("is nothing where the task has none", async () => {
      assert.ok(await record.claims.finish({ ...CLAIM, next: NEXT, record: TRY, at: 9_000 }));
      assert.deepEqual(await record.runs.outputs("etl~1"), new Map());
    });

    it("is not written by a claim that has lost the try", async () => {
      assert.ok(!(await record.claims.finish({ ...CLAIM, epoch: 2, next: NEXT, output: 1, at: 9_000 })));
      assert.deepEqual(await record.runs.outputs("etl~1"), new Map());
    });
  });

  describe("a dispute about its end", () => {
    const later = { code: "Evicted", message: 'low on "memory", later":{', at: 10_000 };
    const dispute = { runId: "etl~1", taskId: "load.eu", try: 2, infra: 0, recorded: "Completed", later };

    it("is noted beside the try and in the history; the outcome stands", async () => {
      await record.claims.finish({ ...CLAIM, next: NEXT, record: TRY, at: 9_000 });
      assert.equal(await record.claims.dispute(dispute), true);
      assert.deepEqual(await record.runs.listTries("etl~1"), [{ taskId: "load.eu", ...TRY, later }]);
      assert.deepEqual(await record.task("load.eu"), NEXT);
      assert.partialDeepStrictEqual((await record.runs.history("etl~1")).at(-1), {
        type: "try.disputed",
        recorded: "Completed",
        code: "Evicted",
        at: 10_000,
      });
    });

    it("is noted once", async () => {
      await record.claims.finish({ ...CLAIM, next: NEXT, record: TRY, at: 9_000 });
      await record.claims.dispute(dispute);
      const before = await record.dump();
      assert.equal(await record.claims.dispute({ ...dispute, later: { ...later, code: "Disrupted" } }), false);
      assert.equal(await record.dump(), before);
    });

    it("is noted although the outcome's own message looks like one", async () => {
      const outcome = failed("ExitCode", "user", ',"later":{', 3);
      await record.claims.finish({ ...CLAIM, next: NEXT, record: { ...TRY, outcome }, at: 9_000 });
      assert.equal(await record.claims.dispute(dispute), true);
    });

    it("about a try that is not there, or not any more, writes nothing", async () => {
      const before = await record.dump();
      assert.equal(await record.claims.dispute(dispute), false);
      assert.equal(await record.dump(), before);
    });
  });
});
