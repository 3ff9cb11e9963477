import assert from "node:assert/strict";
import type { Run, TaskRun } from "#core/run.ts";
import type { Commit } from "#state/leader-store.ts";
import { until } from "../../support/until.ts";
import { openRecord, type Record } from "./record.ts";

const QUEUED: TaskRun = { state: "queued", gen: 1, try: 0, infra: 0, epoch: 0, queuedAt: 2_000 };

describe("lease", () => {
  let record: Record;
  beforeEach(async () => {
    record = await openRecord();
  });
  afterEach(() => record.test.close());

  it("has one holder, whose token names the term", async () => {
    assert.equal(await record.leader.acquireLease("a", 60_000), "a:1");
    assert.equal(await record.leader.acquireLease("b", 60_000), undefined);
    assert.equal(await record.leader.acquireLease("a", 60_000), undefined, "not even itself twice");
  });

  it("is taken over once it runs out, and the old token is worth nothing", async () => {
    const old = (await record.leader.acquireLease("a", 30))!;
    const young = await until(() => record.leader.acquireLease("b", 60_000), { what: "the takeover" });
    assert.equal(young, "b:2");
    assert.equal(await record.leader.renewLease(old, 60_000), false);
    assert.equal(await record.leader.releaseLease(old), false);
    assert.equal(await record.leader.renewLease(young, 60_000), true);
  });

  it("is renewed by its holder", async () => {
    const token = (await record.leader.acquireLease("a", 1_000))!;
    assert.equal(await record.leader.renewLease(token, 600_000), true);
    assert.ok((await record.test.redis.pttl(record.keys.leader)) > 1_000);
  });

  it("is vacant at once after a release", async () => {
    const token = (await record.leader.acquireLease("a", 60_000))!;
    assert.equal(await record.leader.releaseLease(token), true);
    assert.equal(await record.leader.acquireLease("b", 60_000), "b:2");
  });
});

describe("commit", () => {
  let record: Record;
  let run: Run;
  let token: string;
  beforeEach(async () => {
    record = await openRecord();
    run = await record.seedRun();
    token = (await record.leader.acquireLease("a", 60_000))!;
  });
  afterEach(() => record.test.close());

  const commit = (change: Partial<Commit> = {}) =>
    record.leader.commit({
      token,
      run: { ...run, rev: 1, state: "running", startedAt: 2_000 },
      fromRev: 0,
      changes: [{ taskId: "load", from: ["none"], task: QUEUED }],
      orders: [{ jobId: "etl~1~load~1", json: '{"task":"load"}' }],
      history: ['{"at":2000,"type":"task.queued","taskId":"load"}'],
      at: 2_000,
      ...change,
    });

  it("writes run, tasks, orders, history and events as a whole", async () => {
    assert.deepEqual(await commit(), { result: "committed", skipped: [] });

    assert.deepEqual(await record.runs.getRun(run.id), {
      ...run,
      rev: 1,
      state: "running",
      startedAt: 2_000,
      tasks: new Map([["load", QUEUED]]),
    });
    assert.deepEqual(await record.leader.outbox(), [{ jobId: "etl~1~load~1", json: '{"task":"load"}' }]);
    assert.deepEqual((await record.runs.history(run.id)).slice(1), [{ at: 2_000, type: "task.queued", taskId: "load" }]);
    const events = (await record.events.read(100)).slice(1).map(({ id: _, ...event }) => event);
    assert.deepEqual(events, [
      { kind: "task", runId: run.id, taskId: "load", state: "queued", at: 2_000 },
      { kind: "run", runId: run.id, state: "running", at: 2_000 },
    ]);
    assert.deepEqual(await record.leader.liveRuns(), [run.id]);
  });

  const REFUSED: readonly [string, string, () => Partial<Commit> | Promise<Partial<Commit>>][] = [
    ["not-leader", "a token that was never given", () => ({ token: "b:7" })],
    [
      "not-leader",
      "a lease that is over",
      async () => {
        await record.leader.releaseLease(token);
        return {};
      },
    ],
    [
      "conflict",
      "an older revision",
      async () => {
        await commit();
        return {};
      },
    ],
    ["conflict", "a revision that does not exist yet", () => ({ fromRev: 1 })],
    ["conflict", "a run that does not exist", () => ({ run: { ...run, id: "etl~2", rev: 1 } })],
    [
      "conflict",
      "an end over a task that has moved",
      async () => {
        await record.seedTask("load", { state: "running" });
        return { run: { ...run, rev: 1, state: "cancelled", endedAt: 2_000 } };
      },
    ],
  ];
  for (const [result, what, prepare] of REFUSED) {
    it(`is refused as ${result} with ${what}, and writes nothing`, async () => {
      const change = await prepare();
      const before = await record.dump();
      assert.deepEqual(await commit(change), { result });
      assert.equal(await record.dump(), before);
    });
  }

  it("skips the tasks that have moved and writes the others", async () => {
    const running = await record.seedTask("b", { state: "running", try: 1, epoch: 1 });
    const changes = ["a", "b", "c"].map(taskId => ({ taskId, from: ["none", "queued"] as const, task: QUEUED }));
    assert.deepEqual(await commit({ changes }), { result: "committed", skipped: ["b"] });
    const { tasks, rev } = (await record.runs.getRun(run.id))!;
    assert.equal(rev, 1);
    assert.deepEqual(
      tasks,
      new Map([
        ["b", running],
        ["a", QUEUED],
        ["c", QUEUED],
      ]),
    );
  });

  it("ends a run: it is live no more and leaves with its retention", async () => {
    await record.seedTask("load", { state: "running", try: 1, epoch: 1 });
    await record.claims.note({ runId: run.id, taskId: "load", gen: 1, epoch: 1, note: "{}" });
    const task: TaskRun = { ...QUEUED, state: "success" };
    await record.claims.finish({ runId: run.id, taskId: "load", gen: 1, try: 1, epoch: 1, next: task, output: 1, at: 3_000 });
    const ended: Run = { ...run, rev: 1, state: "success", startedAt: 2_000, endedAt: 3_000 };
    await commit({ run: ended, changes: [], orders: [] });

    assert.deepEqual(await record.leader.liveRuns(), []);
    assert.equal((await record.runs.getRun(run.id))?.endedAt, 3_000);
    const { keys, test } = record;
    for (const key of [keys.run(run.id), keys.tasks(run.id), keys.history(run.id), keys.notes(run.id), keys.outputs(run.id)]) {
      assert.ok((await test.redis.pttl(key)) > 0, key);
    }

    await commit({ fromRev: 1, run: { ...ended, rev: 2, state: "running" }, changes: [], orders: [] });
    assert.deepEqual(await record.leader.liveRuns(), [run.id], "and a reopened one stays");
    assert.equal(await test.redis.pttl(keys.run(run.id)), -1);
    assert.equal(await test.redis.pttl(keys.tasks(run.id)), -1);
  });

  it("clears the end of a reopened run", async () => {
    const ended: Run = { ...run, rev: 1, state: "failed", endedAt: 3_000 };
    await commit({ run: ended, changes: [], orders: [] });
    const { endedAt: _, ...reopened } = ended;
    await commit({ fromRev: 1, run: { ...reopened, rev: 2, state: "running" }, changes: [], orders: [] });
    assert.equal((await record.runs.getRun(run.id))?.endedAt, undefined);
  });

  it("takes a step of thousands of tasks", async () => {
    const ids = Array.from({ length: 5_000 }, (_, i) => `task-${i}`);
    const answer = await commit({
      changes: ids.map(taskId => ({ taskId, from: ["none"], task: QUEUED })),
      orders: ids.map(id => ({ jobId: id, json: "{}" })),
      history: ids.map(() => "{}"),
    });
    assert.deepEqual(answer, { result: "committed", skipped: [] });
    assert.equal((await record.runs.getRun(run.id))?.tasks.size, 5_000);
    assert.equal((await record.leader.outbox()).length, 5_000);
  });

  it("is on its way when the call returns: what is sent next on the connection comes next", async () => {
    const [committed, rev] = await Promise.all([commit(), record.test.redis.hget(record.keys.run(run.id), "rev")]);
    assert.deepEqual([committed.result, rev], ["committed", "1"]);
  });

  it("works on a server that has forgotten the scripts", async () => {
    await commit();
    await record.test.redis.script("FLUSH", "SYNC");
    const next = await commit({ fromRev: 1, run: { ...run, rev: 2, state: "running" } });
    assert.deepEqual(next, { result: "committed", skipped: ["load"] });
  });

  it("lets one of two commits from the same revision win", async () => {
    const results = await Promise.all([commit(), commit({ orders: [{ jobId: "other", json: "{}" }] })]);
    assert.deepEqual(
      results.map(({ result }) => result),
      ["committed", "conflict"],
    );
    assert.deepEqual(
      (await record.leader.outbox()).map(({ jobId }) => jobId),
      ["etl~1~load~1"],
    );
  });

  it("gives up the orders that are acknowledged", async () => {
    await commit({
      orders: [
        { jobId: "a", json: "{}" },
        { jobId: "b", json: "{}" },
      ],
    });
    await record.leader.acknowledge(["a", "unknown"]);
    await record.leader.acknowledge([]);
    assert.deepEqual(await record.leader.outbox(), [{ jobId: "b", json: "{}" }]);
  });
});

describe("cancelTask", () => {
  let record: Record;
  let token: string;
  beforeEach(async () => {
    record = await openRecord();
    await record.seedRun();
    token = (await record.leader.acquireLease("a", 60_000))!;
  });
  afterEach(() => record.test.close());

  const CANCELLED: TaskRun = { ...QUEUED, state: "cancelled", endedAt: 4_000 };
  const cancel = (change = {}) =>
    record.leader.cancelTask({
      token,
      runId: "etl~1",
      taskId: "load",
      gen: 1,
      from: ["queued", "up_for_retry", "restarting", "deferred"],
      at: 4_000,
      ...change,
    });

  for (const state of ["queued", "up_for_retry", "restarting", "deferred"] as const) {
    it(`ends a task that is ${state}`, async () => {
      await record.seedTask("load", { state, queuedAt: 2_000 });
      assert.deepEqual(await cancel(), CANCELLED);
      assert.deepEqual(await record.task("load"), CANCELLED);
      assert.deepEqual((await record.runs.history("etl~1")).at(-1), { at: 4_000, type: "task.cancelled", taskId: "load" });
    });
  }

  it("leaves the counters as the record has them, of which the leader need not have heard", async () => {
    await record.seedTask("load", { state: "up_for_retry", try: 2, epoch: 5, infra: 1, endedAt: 3_000, retryAt: 9_000 });
    assert.partialDeepStrictEqual(await cancel(), { state: "cancelled", try: 2, epoch: 5, infra: 1, endedAt: 4_000 });
  });

  const REFUSED: readonly [string, Partial<TaskRun>, object][] = [
    ["a running task", { state: "running" }, {}],
    ["another generation", { gen: 2 }, {}],
    ["another leader", {}, { token: "b:1" }],
    ["an unknown task", {}, { taskId: "other" }],
  ];
  for (const [what, task, change] of REFUSED) {
    it(`leaves ${what} alone`, async () => {
      await record.seedTask("load", task);
      const before = await record.dump();
      assert.equal(await cancel(change), undefined);
      assert.equal(await record.dump(), before);
    });
  }

  it("or begin: whoever comes first has the task", async () => {
    const begin = (taskId: string) =>
      record.claims.begin({ runId: "etl~1", taskId, gen: 1, try: 1, epoch: 1, worker: "w", at: 4_000 });
    await record.seedTask("load", {});
    await record.seedTask("save", {});
    const [first, done, ok, second] = await Promise.all([cancel(), begin("load"), begin("save"), cancel({ taskId: "save" })]);
    assert.deepEqual([first?.state, done.answer, ok.answer, second], ["cancelled", "done", "ok", undefined]);
  });
});

describe("inbox", () => {
  let record: Record;
  beforeEach(async () => {
    record = await openRecord();
  });
  afterEach(() => record.test.close());

  it("is empty after the timeout", async () => {
    assert.deepEqual(await record.leader.takeInbox(record.test.open("blocking"), 10, 20), []);
  });

  it("wakes a leader that waits", async () => {
    const blocking = record.test.open("blocking");
    const waiting = record.leader.takeInbox(blocking, 10, 10_000);
    await until(async () => ((await record.test.redis.client("LIST", "TYPE", "NORMAL")) as string).includes("cmd=blmpop"), {
      what: "a blocked leader",
    });
    await record.runs.createRun({
      id: "etl~1",
      dagId: "etl",
      version: "v1",
      trigger: { kind: "schedule" },
      conf: { a: "\n|" },
      createdAt: 7,
    });
    assert.deepEqual(await waiting, [
      {
        type: "created",
        runId: "etl~1",
        at: 7,
        header: { id: "etl~1", dagId: "etl", version: "v1", trigger: { kind: "schedule" }, conf: { a: "\n|" }, createdAt: 7 },
      },
    ]);
  });

  it("gives many entries at once, oldest first, and each once", async () => {
    for (let i = 1; i <= 5; i++) {
      await record.runs.createRun({
        id: `etl~${i}`,
        dagId: "etl",
        version: "v1",
        trigger: { kind: "api" },
        conf: {},
        createdAt: i,
      });
    }
    await record.runs.requestCancel("etl~3", { at: 9, by: "ann" });
    const blocking = record.test.open("blocking");
    const first = await record.leader.takeInbox(blocking, 4, 1_000);
    const second = await record.leader.takeInbox(blocking, 4, 1_000);
    assert.deepEqual(
      first.map(({ runId }) => runId),
      ["etl~1", "etl~2", "etl~3", "etl~4"],
    );
    assert.deepEqual(
      second.map(({ type, runId, at }) => [type, runId, at]),
      [
        ["created", "etl~5", 5],
        ["cancel", "etl~3", 9],
      ],
    );
  });
});

describe("loadRuns", () => {
  let record: Record;
  beforeEach(async () => {
    record = await openRecord();
  });
  afterEach(() => record.test.close());

  it("reads runs with their tasks and forgets those that are gone", async () => {
    const one = await record.seedRun();
    const two = await record.seedRun({ id: "etl~2", logicalAt: 5 });
    const task = await record.seedTask("load", {}, "etl~2");
    await record.test.redis.sadd(record.keys.live, "etl~0");
    const ids = (await record.leader.liveRuns()).sort();
    assert.deepEqual(ids, ["etl~0", "etl~1", "etl~2"]);
    assert.deepEqual(await record.leader.loadRuns(ids), [one, { ...two, tasks: new Map([["load", task]]) }]);
    assert.deepEqual((await record.leader.liveRuns()).sort(), ["etl~1", "etl~2"]);
    assert.deepEqual(await record.leader.loadRuns([]), []);
  });
});
