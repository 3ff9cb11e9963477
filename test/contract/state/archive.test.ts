import assert from "node:assert/strict";
import { succeeded } from "#core/outcome.ts";
import type { Run } from "#core/run.ts";
import { openRecord, type Record } from "./record.ts";

describe("archive", () => {
  let record: Record;
  let token: string;
  let run: Run;
  beforeEach(async () => {
    record = await openRecord();
    run = await record.seedRun();
    token = (await record.leader.acquireLease("a", 60_000))!;
  });
  afterEach(() => record.test.close());

  const claim = { runId: "etl~1", taskId: "load", gen: 1, try: 1, epoch: 1 };

  /** Runs one task to its end, and the run with it. */
  const end = async (state: "success" | "failed" = "success"): Promise<void> => {
    await record.seedTask("load", {});
    await record.claims.begin({ ...claim, worker: "w", at: 2_000 });
    await record.claims.note({ ...claim, note: '{"phase":"running"}' });
    const outcome = succeeded();
    const task = { state, gen: 1, try: 1, epoch: 1, infra: 0, startedAt: 2_000, endedAt: 3_000, worker: "w", outcome };
    const one = { try: 1, infra: 0, state, startedAt: 2_000, endedAt: 3_000, worker: "w", outcome };
    await record.claims.finish({ ...claim, next: task, record: one, output: { rows: 3 }, at: 3_000 });
    await record.acts.remark(run.id, "load", { text: "odd", at: 3_050, by: "ann" });
    await commit(1, { state, startedAt: 2_000, endedAt: 3_000 }, 3_100);
  };
  const commit = (rev: number, change: Partial<Run>, at: number) =>
    record.leader.commit({
      token,
      run: { ...run, rev, ...change },
      fromRev: rev - 1,
      changes: [],
      orders: [],
      history: [`{"at":${at},"type":"run.${change.state}"}`],
      at,
    });

  const everything = async () => ({
    run: await record.runs.getRun(run.id),
    summary: await record.runs.getSummary(run.id),
    listed: await record.runs.listRuns({ limit: 10 }),
    task: await record.runs.getTask(run.id, "load"),
    tries: await record.runs.listTries(run.id),
    outputs: await record.runs.outputs(run.id),
    notes: await record.runs.notes(run.id),
    remarks: await record.runs.remarks(run.id),
    history: await record.runs.history(run.id),
  });
  const keysOfRun = async (): Promise<string[]> => (await record.test.redis.keys(`${record.keys.run(run.id)}*`)).sort();
  const archive = () => record.leader.archive(token, run.id);

  it("is one key, and reads like what it was made of", async () => {
    await end();
    const before = await everything();
    assert.equal(before.history.length, 5);
    assert.equal(await archive(), true);
    assert.deepEqual(await keysOfRun(), [record.keys.run(run.id)]);
    assert.deepEqual(await everything(), before);
    assert.ok((await record.test.redis.pttl(record.keys.run(run.id))) > 0, "and leaves when its time is over");
    assert.deepEqual((await record.runs.createRun(run)).result, "exists");
  });

  it("is made of runs that ended long enough ago, once", async () => {
    await end();
    assert.deepEqual(await record.leader.endedBefore(3_100, 10), []);
    assert.deepEqual(await record.leader.endedBefore(3_101, 10), [run.id]);
    await archive();
    assert.deepEqual(await record.leader.endedBefore(9_000, 10), []);
    assert.equal(await archive(), false);
  });

  it("is laid out again by an act", async () => {
    await end("failed");
    const before = await everything();
    const keys = await keysOfRun();
    await archive();
    const act = { id: "a", at: 9_000, by: "ann", act: { type: "clear" as const, tasks: ["load"] } };
    assert.equal(await record.acts.request(run.id, act), "requested");
    assert.deepEqual(await keysOfRun(), [...keys, record.keys.acts(run.id)].sort());
    const { history, ...after } = await everything();
    const { history: historyBefore, ...rest } = before;
    assert.deepEqual(after, rest);
    assert.deepEqual(history, [...historyBefore, { at: 9_000, type: "run.acted", actId: "a", by: "ann", act: act.act }]);
    assert.deepEqual((await record.leader.loadRuns([run.id]))[0]?.acts, new Map([["a", act]]));
    assert.equal(await archive(), false, "and not archived while it is live");
    assert.deepEqual(await record.leader.endedBefore(10_000, 10), [run.id], "but later");
  });

  it("is laid out again by a person's Retry in the queue", async () => {
    await end("failed");
    await archive();
    const { answer, task } = await record.claims.begin({ ...claim, try: 2, epoch: 2, worker: "w", at: 9_000 });
    assert.deepEqual([answer, task?.state], ["reopened", "running"]);
    assert.equal(await archive(), false);
  });

  it("is laid out again to be written on", async () => {
    await end();
    await archive();
    assert.equal(await record.acts.remark(run.id, undefined, { text: "late data", at: 9_000, by: "bob" }), "noted");
    assert.deepEqual((await record.runs.remarks(run.id)).run, { text: "late data", at: 9_000, by: "bob" });
    await archive();
    assert.deepEqual((await record.runs.remarks(run.id)).run, { text: "late data", at: 9_000, by: "bob" });
    await record.acts.remark(run.id, undefined, { text: "", at: 9_500, by: "bob" });
    assert.deepEqual((await record.runs.remarks(run.id)).run, undefined);
  });

  it("takes lines that come later into its history", async () => {
    await end();
    await archive();
    const line = { at: 9_000, type: "board.retry", by: "ann" };
    assert.equal(await record.acts.record(run.id, line), true);
    assert.equal(await record.acts.record("etl~2", line), false);
    assert.deepEqual((await record.runs.history(run.id)).at(-1), line);
    assert.ok((await record.test.redis.pttl(record.keys.history(run.id))) > 0);
    await record.acts.remark(run.id, "load", { text: "x", at: 9_100, by: "ann" });
    assert.deepEqual((await record.runs.history(run.id)).at(-2), line, "in their order");
  });

  it("is not made over what was written meanwhile, nor by another leader", async () => {
    await end();
    const early = await everything();
    assert.equal(await record.leader.archive("b:2", run.id), false);
    assert.deepEqual(await everything(), early);
  });

  it("is not made of a run that goes on", async () => {
    await end();
    await commit(2, { state: "running" }, 4_000);
    assert.deepEqual(await record.leader.endedBefore(9_000, 10), []);
    assert.equal(await archive(), false);
  });

  it("of a run that is gone is not looked for again", async () => {
    await end();
    await record.test.redis.del(record.keys.run(run.id), record.keys.history(run.id));
    assert.equal(await archive(), false);
    assert.deepEqual(await record.leader.endedBefore(9_000, 10), []);
  });
});

describe("retention by number", () => {
  let record: Record;
  let token: string;
  beforeEach(async () => {
    record = await openRecord();
    token = (await record.leader.acquireLease("a", 60_000))!;
    for (let i = 1; i <= 5; i++) {
      const run = await record.seedRun({ id: `etl~${i}`, createdAt: i });
      const ended: Run = { ...run, rev: 1, state: "success", endedAt: 9 };
      if (i !== 2) await record.leader.commit({ token, run: ended, fromRev: 0, changes: [], orders: [], history: [], at: 9 });
    }
  });
  afterEach(() => record.test.close());

  it("names the ended runs that are too many, the oldest first", async () => {
    assert.deepEqual(await record.leader.surplus("etl", 1, 10), ["etl~1", "etl~3", "etl~4"]);
    assert.deepEqual(await record.leader.surplus("etl", 1, 2), ["etl~1", "etl~3"]);
    assert.deepEqual(await record.leader.surplus("etl", 9, 10), []);
    assert.deepEqual(await record.leader.surplus("unknown", 1, 10), []);
  });

  it("removes an ended run with all that is stored of it, and none that goes on", async () => {
    assert.equal(await record.leader.forget(token, { id: "etl~1", dagId: "etl" }), true);
    assert.deepEqual(await record.test.redis.keys(`${record.keys.run("etl~1")}*`), []);
    assert.deepEqual(
      (await record.runs.listRuns({ limit: 10, dagId: "etl" })).map(({ id }) => id),
      ["etl~5", "etl~4", "etl~3", "etl~2"],
    );
    assert.equal(await record.leader.forget(token, { id: "etl~2", dagId: "etl" }), false);
    assert.equal(await record.leader.forget("b:2", { id: "etl~3", dagId: "etl" }), false);
  });
});
