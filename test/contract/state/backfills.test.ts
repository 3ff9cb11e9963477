import assert from "node:assert/strict";
import type { BackfillRequest } from "#core/backfill/backfill.ts";
import { openRecord, type Record } from "./record.ts";

const REQUEST: BackfillRequest = {
  id: "etl~backfill-1",
  dagId: "etl",
  fromAt: 0,
  untilAt: 10,
  reprocess: "none",
  order: "oldest",
  maxActiveRuns: 2,
  conf: { country: "de" },
  createdAt: 1_000,
  by: "ann",
};
const TICKS = [1, 2, 3].map(at => ({ runId: `etl~${at}`, logicalAt: at, interval: { startAt: at - 1, endAt: at } }));
const COUNTS = { created: 1, cleared: 0, left: 1 };

describe("BackfillStore", () => {
  let record: Record;
  let token: string;
  beforeEach(async () => {
    record = await openRecord();
    token = (await record.leader.acquireLease("one", 60_000))!;
    await record.backfills.create(REQUEST, TICKS);
  });
  afterEach(() => record.test.close());

  it("keeps what was asked for, and tells the leader", async () => {
    const { backfills, test, keys } = record;
    const stored = { ...REQUEST, state: "running", cursor: 0, active: [], counts: { created: 0, cleared: 0, left: 0 }, total: 3 };
    assert.deepEqual(await backfills.get(REQUEST.id), stored);
    assert.deepEqual(await backfills.open(), [stored]);
    assert.deepEqual(await backfills.ticks(REQUEST.id, 1, 3), TICKS.slice(1));
    assert.equal(await test.redis.llen(keys.inbox), 1);
    assert.equal(await backfills.get("another"), undefined);
  });

  it("lists the newest first", async () => {
    await record.backfills.create({ ...REQUEST, id: "etl~backfill-2", createdAt: 2_000 }, TICKS);
    assert.deepEqual(
      (await record.backfills.list(10)).map(({ id }) => id),
      ["etl~backfill-2", "etl~backfill-1"],
    );
  });

  const moves = [
    [["paused"], "moved"],
    [["paused", "paused"], "moved"],
    [["paused", "running"], "moved"],
    [["cancelled"], "moved"],
    [["cancelled", "running"], "refused"],
  ] as const;
  for (const [states, result] of moves) {
    it(`${states.join(", then ")}: ${result}`, async () => {
      const answers = [];
      for (const state of states) answers.push(await record.backfills.move(REQUEST.id, state, 5));
      assert.equal(answers.at(-1)?.result, result);
    });
  }
  it("knows no move of a backfill that is none", async () => {
    assert.deepEqual(await record.backfills.move("another", "paused", 5), { result: "unknown" });
  });

  it("lets only the leader in office note how far it has got", async () => {
    const { backfills } = record;
    const progress = { cursor: 2, active: ["etl~1"], counts: COUNTS };
    assert.equal(await backfills.advance("another:7", REQUEST.id, progress), undefined);
    assert.equal((await backfills.get(REQUEST.id))?.cursor, 0);
    await backfills.move(REQUEST.id, "paused", 5);
    assert.equal(await backfills.advance(token, REQUEST.id, progress), "paused", "and tells what a person has said meanwhile");
    assert.equal((await backfills.get(REQUEST.id))?.cursor, 2);
  });

  it("ends as done, or as cancelled when somebody said so", async () => {
    const { backfills } = record;
    await backfills.create({ ...REQUEST, id: "other" }, TICKS);
    await backfills.move("other", "cancelled", 5);
    const progress = { cursor: 3, active: [], counts: COUNTS, endedAt: 2_000 };
    assert.equal(await backfills.advance(token, REQUEST.id, progress), "done");
    assert.equal(await backfills.advance(token, "other", progress), "cancelled");
    assert.deepEqual(await backfills.open(), []);
    assert.deepEqual((await backfills.list(10)).map(({ state, endedAt }) => [state, endedAt]).sort(), [
      ["cancelled", 2_000],
      ["done", 2_000],
    ]);
  });

  it("knows which runs have not ended", async () => {
    await record.seedRun({ id: "etl~1" });
    assert.deepEqual(await record.backfills.live(["etl~1", "etl~2"]), ["etl~1"]);
    assert.deepEqual(await record.backfills.live([]), []);
  });
});

describe("HorizonStore", () => {
  it("keeps what a timetable has said", async () => {
    const { horizons, test } = await openRecord();
    await using _test = { [Symbol.asyncDispose]: () => test.close() };
    assert.equal(await horizons.get("etl"), undefined);
    await horizons.set("etl", { ticks: [1, 2], untilAt: 2 });
    assert.deepEqual(await horizons.get("etl"), { ticks: [1, 2], untilAt: 2 });
    assert.deepEqual([...(await horizons.all())], [["etl", { ticks: [1, 2], untilAt: 2 }]]);
  });
});
