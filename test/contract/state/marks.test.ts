import assert from "node:assert/strict";
import { openRecord, type Record } from "./record.ts";

const entry = { at: 7_000, type: "run.deadlineMissed", index: 0 };

describe("marks of a run", () => {
  let record: Record;
  beforeEach(async () => {
    record = await openRecord();
    await record.seedRun();
  });
  afterEach(() => record.test.close());

  it("are noted once, with what has to be sent, and the history tells of it", async () => {
    const mark = { runId: "etl~1", name: "deadline:0", entry, orders: [{ jobId: "n", json: "{}" }] };
    assert.deepEqual(await Promise.all([record.marks.mark(mark), record.marks.mark(mark)]), [true, false]);
    assert.deepEqual(await record.leader.outbox(), [{ jobId: "n", json: "{}" }]);
    assert.deepEqual((await record.runs.history("etl~1")).at(-1), entry);
    assert.equal((await record.runs.history("etl~1")).length, 2);
  });

  it("are found by their names", async () => {
    await record.marks.mark({ runId: "etl~1", name: "deadline:1", entry });
    const marked = await record.marks.marked("etl~1", ["deadline:0", "deadline:1"]);
    assert.deepEqual([...marked], [["deadline:1", 7_000]]);
    assert.deepEqual(await record.marks.marked("etl~1", []), new Map());
  });

  it("of a run that is gone are not noted: nothing of it comes back", async () => {
    const before = await record.dump();
    assert.equal(await record.marks.mark({ runId: "etl~9", name: "deadline:0", entry }), false);
    assert.equal(await record.dump(), before);
  });

  it("leave the run as it is", async () => {
    const before = await record.runs.getRun("etl~1");
    await record.marks.mark({ runId: "etl~1", name: "notice:a", entry });
    assert.deepEqual(await record.runs.getRun("etl~1"), before);
  });
});

describe("the ledger of custom resources", () => {
  let record: Record;
  beforeEach(async () => {
    record = await openRecord();
  });
  afterEach(() => record.test.close());

  it("knows what each try has made until it is forgotten", async () => {
    const made = {
      runId: "etl~1",
      taskId: "a",
      try: 1,
      infra: 0,
      apiVersion: "x/v1",
      kind: "Job",
      namespace: "ns",
      name: "j",
      uid: "u",
    };
    await record.resources.note(made);
    await record.resources.note({ ...made, infra: 1, uid: "u2" });
    assert.deepEqual(await record.resources.find(made), made);
    assert.equal(await record.resources.find({ ...made, try: 2 }), undefined);
    await record.resources.forget(made);
    assert.deepEqual(
      (await record.resources.all()).map(({ uid }) => uid),
      ["u2"],
    );
  });
});
