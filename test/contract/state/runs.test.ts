import assert from "node:assert/strict";
import type { RunHeader } from "#core/run.ts";
import { until } from "../../support/until.ts";
import { openRecord, type Record } from "./record.ts";

const HEADER: RunHeader = {
  id: "etl~1",
  dagId: "etl",
  version: "v1",
  trigger: { kind: "api", by: "ann" },
  conf: { table: "a|b\nc", empty: [], nested: { big: 12345678901234 } },
  createdAt: 1_000,
  logicalAt: 500,
};

describe("createRun", () => {
  let record: Record;
  beforeEach(async () => {
    record = await openRecord();
  });
  afterEach(() => record.test.close());

  const idempotency = { key: "k", bodyHash: "h", ttlMs: 60_000 };

  it("stores the run as it was given", async () => {
    assert.deepEqual(await record.runs.createRun(HEADER), { result: "created" });
    assert.deepEqual(await record.runs.getRun("etl~1"), { ...HEADER, state: "queued", rev: 0, tasks: new Map() });
    assert.deepEqual(await record.leader.liveRuns(), ["etl~1"]);
    assert.deepEqual(await record.runs.history("etl~1"), [{ at: 1_000, type: "run.created", trigger: HEADER.trigger }]);
    assert.equal(await record.runs.getRun("etl~2"), undefined);
  });

  const AGAIN: readonly [string, Partial<RunHeader>, object, object][] = [
    ["the same id", {}, {}, { result: "exists", runId: "etl~1" }],
    ["the same id and another key", {}, { idempotency: { ...idempotency, key: "k2" } }, { result: "exists", runId: "etl~1" }],
    ["the same key and body", { id: "etl~2" }, { idempotency }, { result: "replayed", runId: "etl~1" }],
    ["the same key, body and id", {}, { idempotency }, { result: "replayed", runId: "etl~1" }],
    [
      "the same key and another body",
      { id: "etl~2" },
      { idempotency: { ...idempotency, bodyHash: "h2" } },
      { result: "body-differs" },
    ],
  ];
  for (const [what, header, options, answer] of AGAIN) {
    it(`with ${what} again changes nothing`, async () => {
      await record.runs.createRun(HEADER, { idempotency });
      const before = await record.dump();
      assert.deepEqual(await record.runs.createRun({ ...HEADER, ...header }, options), answer);
      assert.equal(await record.dump(), before);
    });
  }

  it("creates one run out of twenty equal requests at once", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => record.runs.createRun(HEADER)));
    assert.equal(answers.filter(({ result }) => result === "created").length, 1);
    assert.equal((await record.leader.takeInbox(record.test.open("blocking"), 100, 1_000)).length, 1);
  });

  it("takes runs that are long past their retention from the lists", async () => {
    const DAY_MS = 86_400_000;
    await record.runs.createRun(HEADER);
    await record.runs.createRun({ ...HEADER, id: "etl~2", createdAt: 40 * DAY_MS });
    await record.runs.createRun({ ...HEADER, id: "etl~3", createdAt: 80 * DAY_MS });
    const ids = [await record.test.redis.zrangebyscore(record.keys.runs, "-inf", "+inf")];
    ids.push(await record.test.redis.zrangebyscore(record.keys.runsOf("etl"), "-inf", "+inf"));
    assert.deepEqual(ids, [
      ["etl~2", "etl~3"],
      ["etl~2", "etl~3"],
    ]);
  });

  it("forgets a key after its time", async () => {
    await record.runs.createRun(HEADER, { idempotency: { ...idempotency, ttlMs: 10 } });
    await until(async () => (await record.runs.createRun({ ...HEADER, id: "etl~2" }, { idempotency })).result === "created");
  });
});

describe("listRuns", () => {
  let record: Record;
  beforeEach(async () => {
    record = await openRecord();
    for (let i = 1; i <= 6; i++)
      await record.seedRun({ id: `${i % 2 ? "etl" : "ml"}~${i}`, dagId: i % 2 ? "etl" : "ml", createdAt: i });
    const token = (await record.leader.acquireLease("a", 60_000))!;
    for (const id of ["etl~1", "ml~4"]) {
      const run = (await record.runs.getRun(id))!;
      await record.leader.commit({
        token,
        run: { ...run, rev: 1, state: "failed" },
        fromRev: 0,
        changes: [],
        orders: [],
        history: [],
        at: 9,
      });
    }
  });
  afterEach(() => record.test.close());

  const QUERIES: readonly [object, string[]][] = [
    [{ limit: 10 }, ["ml~6", "etl~5", "ml~4", "etl~3", "ml~2", "etl~1"]],
    [{ limit: 2 }, ["ml~6", "etl~5"]],
    [{ limit: 2, before: "etl~5" }, ["ml~4", "etl~3"]],
    [{ limit: 2, before: "etl~1" }, []],
    [{ limit: 2, before: "unknown" }, []],
    [{ limit: 10, dagId: "etl" }, ["etl~5", "etl~3", "etl~1"]],
    [{ limit: 10, dagId: "none" }, []],
    [{ limit: 10, state: "failed" }, ["ml~4", "etl~1"]],
    [{ limit: 1, state: "failed" }, ["ml~4"]],
    [{ limit: 10, state: "queued", dagId: "ml" }, ["ml~6", "ml~2"]],
    [{ limit: 10, state: "failed", before: "ml~4" }, ["etl~1"]],
  ];
  for (const [query, ids] of QUERIES) {
    it(JSON.stringify(query), async () => {
      const runs = await record.runs.listRuns({ limit: 10, ...query });
      assert.deepEqual(
        runs.map(({ id }) => id),
        ids,
      );
    });
  }

  it("gives summaries, and leaves out runs whose retention has passed", async () => {
    await record.test.redis.del(record.keys.run("ml~6"), record.keys.run("etl~3"));
    const runs = await record.runs.listRuns({ limit: 3 });
    assert.deepEqual(
      runs.map(({ id }) => id),
      ["etl~5", "ml~4", "ml~2"],
    );
    assert.deepEqual(runs[1], {
      id: "ml~4",
      dagId: "ml",
      version: "v1",
      trigger: { kind: "api" },
      conf: {},
      createdAt: 4,
      state: "failed",
      rev: 1,
    });
    assert.equal(await record.test.redis.zscore(record.keys.runs, "ml~6"), null);
  });
});

describe("requestCancel", () => {
  let record: Record;
  beforeEach(async () => {
    record = await openRecord();
  });
  afterEach(() => record.test.close());

  const cancel = () => record.runs.requestCancel("etl~1", { at: 4_000, by: "ann" });

  it("is remembered, reaches the leader and the workers, and counts once", async () => {
    await record.seedRun();
    const heard: string[] = [];
    const stop = await record.claims.subscribeCancels(record.test.open("blocking"), runId => heard.push(runId));

    assert.equal(await cancel(), "requested");
    assert.equal(await cancel(), "already");

    assert.equal((await record.runs.getRun("etl~1"))?.cancelAt, 4_000);
    const [held, other] = ["etl~1", "etl~2"].map(runId => ({ runId, taskId: "load", gen: 1 }));
    assert.deepEqual(await record.claims.stopped([held!, other!]), [held]);
    assert.deepEqual(await record.leader.takeInbox(record.test.open("blocking"), 10, 1_000), [
      { type: "cancel", runId: "etl~1", at: 4_000 },
    ]);
    await until(() => heard.length > 0, { what: "the message" });
    await stop();
    assert.deepEqual(heard, ["etl~1"]);
  });

  it("is unknown for a run that does not exist", async () => assert.equal(await cancel(), "unknown"));

  it("comes too late for a run that has ended", async () => {
    const run = await record.seedRun();
    const token = (await record.leader.acquireLease("a", 60_000))!;
    await record.leader.commit({
      token,
      run: { ...run, rev: 1, state: "success" },
      fromRev: 0,
      changes: [],
      orders: [],
      history: [],
      at: 9,
    });
    assert.equal(await cancel(), "ended");
    assert.equal((await record.runs.getRun("etl~1"))?.cancelAt, undefined);
  });
});
