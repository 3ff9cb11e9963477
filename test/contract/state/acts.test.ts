import assert from "node:assert/strict";
import type { Act, PendingAct } from "#core/act.ts";
import type { Run, TaskRun } from "#core/run.ts";
import { openRecord, type Record } from "./record.ts";

const FAILED: TaskRun = { state: "failed", gen: 1, try: 1, infra: 0, epoch: 1, endedAt: 1_500 };
const CLEAR: Act = { type: "clear", tasks: ["load"] };
const act = (id: string, change: Partial<PendingAct> = {}): PendingAct => ({ id, at: 2_000, by: "ann", act: CLEAR, ...change });

describe("acts", () => {
  let record: Record;
  let run: Run;
  let token: string;
  beforeEach(async () => {
    record = await openRecord();
    run = await record.seedRun();
    await record.seedTask("load", FAILED);
    token = (await record.leader.acquireLease("a", 60_000))!;
  });
  afterEach(() => record.test.close());

  const commit = (change: object) =>
    record.leader.commit({
      token,
      run: { ...run, rev: 1, state: "running" },
      fromRev: 0,
      changes: [{ taskId: "load", from: ["failed"], task: { ...FAILED, state: "none" } }],
      orders: [],
      history: [],
      at: 3_000,
      ...change,
    });
  const pending = async () => [...((await record.leader.loadRuns([run.id]))[0]?.acts?.values() ?? [])];
  const inbox = () => record.leader.takeInbox(record.test.open("blocking"), 10, 20);

  it("wait in the record, in their order, with who and what in the history, and tell the leader", async () => {
    assert.equal(await record.acts.request(run.id, act("b")), "requested");
    await record.acts.request(run.id, act("a", { at: 2_001, act: { type: "markRun", state: "failed" } }));
    assert.deepEqual(
      (await pending()).map(({ id }) => id),
      ["b", "a"],
    );
    assert.deepEqual(await inbox(), [
      { type: "act", runId: run.id, at: 2_000 },
      { type: "act", runId: run.id, at: 2_001 },
    ]);
    assert.deepEqual((await record.runs.history(run.id))[1], { at: 2_000, type: "run.acted", actId: "b", by: "ann", act: CLEAR });
  });

  it("are asked for once under their id", async () => {
    await record.acts.request(run.id, act("a"));
    const before = await record.dump();
    assert.equal(await record.acts.request(run.id, act("a")), "requested");
    assert.equal(await record.dump(), before);
  });

  it("need a run", async () => assert.equal(await record.acts.request("etl~2", act("a")), "unknown"));

  it("make an ended run live until a leader has looked", async () => {
    const ended: Run = { ...run, rev: 1, state: "failed", endedAt: 2_500 };
    await commit({ run: ended, changes: [] });
    assert.deepEqual(await record.leader.liveRuns(), []);
    await record.acts.request(run.id, act("a"));
    assert.deepEqual(await record.leader.liveRuns(), [run.id]);
    await commit({ fromRev: 1, run: { ...ended, rev: 2 }, changes: [], acts: [{ id: "a" }] });
    assert.deepEqual(await record.leader.liveRuns(), [], "there was nothing to do");
    assert.ok((await record.test.redis.pttl(record.keys.run(run.id))) > 0);
  });

  it("leave with the commit of what follows from them", async () => {
    await record.acts.request(run.id, act("a"));
    assert.deepEqual(await commit({ acts: [{ id: "a" }] }), { result: "committed", skipped: [] });
    assert.deepEqual(await pending(), []);
    assert.equal((await record.task("load"))?.state, "none");
  });

  it("keep what is left of them", async () => {
    await record.acts.request(run.id, act("a", { act: { type: "clear", tasks: ["load", "save"] } }));
    const rest = act("a", { act: { type: "clear", tasks: ["save"] } });
    await commit({ acts: [{ id: "a", rest }] });
    assert.deepEqual(await pending(), [rest]);
  });

  it("are not half done: a task that is somewhere else refuses the whole step", async () => {
    await record.acts.request(run.id, act("a"));
    await record.seedTask("load", { state: "running", try: 2, epoch: 2 });
    const before = await record.dump();
    assert.deepEqual(await commit({ acts: [{ id: "a" }] }), { result: "conflict" });
    assert.equal(await record.dump(), before);
  });

  it("that came while the run ended keep it live", async () => {
    await record.acts.request(run.id, act("a"));
    await commit({ run: { ...run, rev: 1, state: "failed", endedAt: 2_500 }, changes: [] });
    assert.deepEqual(await record.leader.liveRuns(), [run.id]);
    assert.equal((await pending()).length, 1);
  });

  it("of runs that are gone are forgotten", async () => {
    await record.acts.request(run.id, act("a"));
    await record.test.redis.del(record.keys.run(run.id));
    assert.deepEqual(await record.leader.loadRuns([run.id]), []);
    assert.equal(await record.test.redis.exists(record.keys.acts(run.id)), 0);
  });

  it("move a run to another version, in its row and in what is loaded", async () => {
    await commit({ run: { ...run, rev: 1, state: "running", version: "v2" }, rebased: true });
    assert.equal((await record.runs.getRun(run.id))?.version, "v2");
    assert.equal(await record.test.redis.hget(record.keys.run(run.id), "version"), "v2");
    const { tasks: _, rev: __, state: ___, ...header } = (await record.runs.getRun(run.id))!;
    assert.deepEqual(header, { ...headerOf(run), version: "v2" });
  });

  it("end a run as somebody says, and take a request to cancel back", async () => {
    await commit({ run: { ...run, rev: 1, state: "running", cancelAt: 2_900, endsAs: "success" } });
    assert.partialDeepStrictEqual(await record.runs.getRun(run.id), { cancelAt: 2_900, endsAs: "success" });
    await commit({ fromRev: 1, run: { ...run, rev: 2, state: "running" }, changes: [], uncancelled: true });
    const { cancelAt, endsAs } = (await record.runs.getRun(run.id))!;
    assert.deepEqual([cancelAt, endsAs], [undefined, undefined]);
    assert.equal(await record.runs.requestCancel(run.id, { at: 4_000, by: "ann" }), "requested", "it can be cancelled again");
  });
});

const headerOf = ({ tasks: _, rev: __, state: ___, ...header }: Run): object => header;

describe("stops", () => {
  let record: Record;
  let run: Run;
  let token: string;
  beforeEach(async () => {
    record = await openRecord();
    run = await record.seedRun();
    await record.seedTask("load", { state: "running", try: 1, epoch: 1 });
    token = (await record.leader.acquireLease("a", 60_000))!;
  });
  afterEach(() => record.test.close());

  const commit = (rev: number, change: object) =>
    record.leader.commit({
      token,
      run: { ...run, rev, state: "running" },
      fromRev: rev - 1,
      changes: [],
      orders: [],
      history: [],
      at: 3_000,
      ...change,
    });
  const stop = () => commit(1, { stops: [{ taskId: "load", gen: 1 }] });
  const job = (gen: number) => ({ runId: "etl~1", taskId: "load", gen });
  const begin = (gen: number, epoch: number, tryNumber = 1) =>
    record.claims.begin({ ...job(gen), try: tryNumber, epoch, worker: "w", at: 4_000 });

  it("tell the worker that holds the job", async () => {
    const heard = Promise.withResolvers<unknown[]>();
    await record.claims.subscribeCancels(record.test.open("blocking"), (...message) => heard.resolve(message));
    await stop();
    assert.deepEqual(await heard.promise, ["etl~1", job(1)]);
  });

  it("are there for a worker that missed the message, and for no other generation", async () => {
    await stop();
    assert.deepEqual(await record.claims.stopped([job(1), job(2), { ...job(1), taskId: "save" }]), [job(1)]);
    assert.deepEqual(await record.claims.stopped([]), []);
  });

  it("meet the worker that takes the job over", async () => {
    await stop();
    assert.equal((await begin(1, 2)).answer, "cancel");
  });

  it("are over when the task has moved on", async () => {
    await stop();
    await commit(2, {
      changes: [{ taskId: "load", from: ["running"], task: { state: "queued", gen: 2, try: 1, infra: 0, epoch: 0 } }],
    });
    assert.equal(await record.test.redis.exists(record.keys.stops("etl~1")), 0);
    assert.equal((await begin(2, 1, 2)).answer, "ok");
  });
});
