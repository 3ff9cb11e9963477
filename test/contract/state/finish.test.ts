import assert from "node:assert/strict";
import { failed, skipped, succeeded } from "#core/outcome.ts";
import type { TaskRun, TaskState, TryRecord } from "#core/run.ts";
import type { Claim } from "#state/claim-store.ts";
import { openRecord, type Record } from "./record.ts";

const CLAIM: Claim = { runId: "etl~1", taskId: "load.eu", gen: 1, try: 2, epoch: 3 };

const RUNNING: TaskRun = { state: "running", gen: 1, try: 2, epoch: 3, infra: 1, startedAt: 2_000, worker: "w1" };
const NEXT: TaskRun = { ...RUNNING, state: "success", endedAt: 9_000, outcome: succeeded() };
const TRY: TryRecord = {
  try: 2,
  infra: 1,
  state: "success",
  startedAt: 2_000,
  endedAt: 9_000,
  worker: "w1",
  outcome: succeeded(),
};

describe("finish", () => {
  let record: Record;
  beforeEach(async () => {
    record = await openRecord();
    await record.seedRun();
  });
  afterEach(() => record.test.close());

  it("writes record, try, history and event, and tells the leader", async () => {
    await record.seedTask("load.eu", RUNNING);
    assert.equal(await record.claims.finish({ ...CLAIM, next: NEXT, record: TRY, at: 9_000 }), true);

    assert.deepEqual(await record.task("load.eu"), NEXT);
    assert.deepEqual(await record.runs.listTries("etl~1"), [{ taskId: "load.eu", ...TRY }]);
    assert.partialDeepStrictEqual((await record.runs.history("etl~1")).at(-1), {
      type: "try.ended",
      taskId: "load.eu",
      state: "success",
      at: 9_000,
    });
    const { id: _, ...event } = (await record.events.read(100)).at(-1)!;
    assert.deepEqual(event, { kind: "task", runId: "etl~1", taskId: "load.eu", state: "success", at: 9_000 });
    const inbox = await record.leader.takeInbox(record.test.open("blocking"), 10, 1_000);
    assert.deepEqual(inbox, [{ type: "ended", runId: "etl~1", at: 9_000, taskId: "load.eu", task: NEXT }]);
  });

  const FENCED: readonly [string, Partial<TaskRun>][] = [
    ["a later epoch", { epoch: 4 }],
    ["a later try", { try: 3, epoch: 4 }],
    ["a later generation", { gen: 2, try: 1, epoch: 0, state: "queued" }],
    ["another end", { state: "failed" }],
    ["a cancelled task", { state: "cancelled" }],
    ["an epoch of which this one is the beginning", { epoch: 31 }],
  ];
  for (const [what, change] of FENCED) {
    it(`is refused by ${what}, and writes nothing`, async () => {
      await record.seedTask("load.eu", { ...RUNNING, ...change });
      const before = await record.dump();
      assert.equal(await record.claims.finish({ ...CLAIM, next: NEXT, record: TRY, at: 9_000 }), false);
      assert.equal(await record.dump(), before);
    });
  }

  it("is refused where there is no task, and makes none", async () => {
    assert.equal(await record.claims.finish({ ...CLAIM, next: NEXT, at: 9_000 }), false);
    assert.equal(await record.task("load.eu"), undefined);
  });

  it("sent twice is true twice and written once", async () => {
    await record.seedTask("load.eu", RUNNING);
    assert.equal(await record.claims.finish({ ...CLAIM, next: NEXT, record: TRY, at: 9_000 }), true);
    const before = await record.dump();
    assert.equal(await record.claims.finish({ ...CLAIM, next: NEXT, record: TRY, at: 9_000 }), true);
    assert.equal(await record.dump(), before);
  });

  it("lets exactly one of two claims end a try", async () => {
    await record.seedTask("load.eu", { state: "queued", try: 1, epoch: 2 });
    const at = 5_000;
    const zombie = await record.claims.begin({ ...CLAIM, epoch: 3, worker: "w1", at });
    const heir = await record.claims.begin({ ...CLAIM, epoch: 4, worker: "w2", at });
    assert.deepEqual([zombie.answer, heir.answer], ["ok", "ok"]);
    const ends = await Promise.all(
      [zombie, heir].map(({ task }, i) =>
        record.claims.finish({ ...CLAIM, epoch: 3 + i, next: { ...task!, state: "success" }, at }),
      ),
    );
    assert.deepEqual(ends, [false, true]);
    assert.equal((await record.task("load.eu"))?.worker, "w2");
  });

  it("keeps every try of a task, restarts included", async () => {
    const outcome = failed("OOMKilled", "infra", "killed", 137);
    for (const [tryNumber, infra, state] of [
      [1, 0, "restarting"],
      [1, 1, "up_for_retry"],
      [2, 0, "success"],
    ] as const) {
      const claim = { ...CLAIM, try: tryNumber, epoch: tryNumber * 10 + infra };
      await record.seedTask("load.eu", { ...RUNNING, try: tryNumber, infra, epoch: claim.epoch });
      const tryRecord = { ...TRY, try: tryNumber, infra, state, outcome, startedAt: tryNumber * 100 + infra };
      await record.claims.finish({ ...claim, next: { ...RUNNING, infra, state }, record: tryRecord, at: 9_000 });
    }
    const tries = await record.runs.listTries("etl~1");
    assert.deepEqual(
      tries.map(t => [t.taskId, t.try, t.infra, t.state]),
      [
        ["load.eu", 1, 0, "restarting"],
        ["load.eu", 1, 1, "up_for_retry"],
        ["load.eu", 2, 0, "success"],
      ],
    );
  });

  it("may skip the task: its own exit code asked for it", async () => {
    await record.seedTask("load.eu", RUNNING);
    const next: TaskRun = { ...NEXT, state: "skipped", outcome: skipped("exit 99: skipOn names it", 99) };
    assert.equal(await record.claims.finish({ ...CLAIM, next, at: 9_000 }), true);
    assert.deepEqual(await record.task("load.eu"), next);
  });

  for (const state of ["queued", "running", "none", "upstream_failed"] satisfies TaskState[]) {
    it(`cannot end a try as ${state}`, async () => {
      await record.seedTask("load.eu", RUNNING);
      await assert.rejects(record.claims.finish({ ...CLAIM, next: { ...NEXT, state }, at: 9_000 }), {
        code: "WL_ILLEGAL_TRANSITION",
      });
      assert.deepEqual(await record.task("load.eu"), RUNNING);
    });
  }
});

describe("note", () => {
  let record: Record;
  beforeEach(async () => {
    record = await openRecord();
    await record.seedRun();
  });
  afterEach(() => record.test.close());

  const note = JSON.stringify({ phase: "Pulling" });

  it("is kept for the running claim, the last one wins", async () => {
    await record.seedTask("load.eu", RUNNING);
    assert.equal(await record.claims.note({ ...CLAIM, note: JSON.stringify({ phase: "Pending" }) }), true);
    assert.equal(await record.claims.note({ ...CLAIM, note }), true);
    assert.deepEqual(await record.runs.notes("etl~1"), new Map([["load.eu", { phase: "Pulling" }]]));
  });

  for (const [what, change] of [
    ["later epoch", { epoch: 4 }],
    ["other generation", { gen: 2 }],
    ["ended try", { state: "success" }],
  ] as const) {
    it(`is refused for a ${what}`, async () => {
      await record.seedTask("load.eu", { ...RUNNING, ...change });
      assert.equal(await record.claims.note({ ...CLAIM, note }), false);
      assert.equal((await record.runs.notes("etl~1")).size, 0);
    });
  }
});

describe("a try that is deferred", () => {
  let record: Record;
  beforeEach(async () => {
    record = await openRecord();
    await record.seedRun();
  });
  afterEach(() => record.test.close());

  const look = async (epoch: number) => {
    const claim = { ...CLAIM, try: 1, epoch };
    const begun = await record.claims.begin({ ...claim, worker: "w1", at: 1_000 * epoch });
    const next: TaskRun = { ...begun.task!, state: "deferred", retryAt: 1_000 * epoch + 500 };
    await record.claims.finish({ ...claim, next, quiet: begun.before === "deferred", at: 1_000 * epoch });
    return begun;
  };

  it("says in which state it was claimed, and keeps its first claim", async () => {
    await record.seedTask("load.eu", { state: "queued" });
    assert.equal((await look(1)).before, "queued");
    const second = await look(2);
    assert.deepEqual([second.before, second.task!.startedAt], ["deferred", 1_000]);
  });

  it("is one line of the history however often it looks; the leader hears of every look", async () => {
    await record.seedTask("load.eu", { state: "queued" });
    for (const epoch of [1, 2, 3]) await look(epoch);
    const types = (await record.runs.history("etl~1")).map(({ type, state }) => [type, state]);
    assert.deepEqual(types.slice(1), [
      ["try.began", undefined],
      ["try.ended", "deferred"],
    ]);
    assert.equal((await record.leader.takeInbox(record.test.open("blocking"), 10, 1_000)).length, 3);
  });
});
