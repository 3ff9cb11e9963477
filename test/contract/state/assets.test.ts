import assert from "node:assert/strict";
import type { RunHeader } from "#core/run.ts";
import { openRecord, type Record } from "./record.ts";

const updateOf = (id: string, ...assets: string[]) => ({ id, assets, runId: "etl~1", taskId: "load", at: 5 });
const header = (id: string): RunHeader => ({
  id,
  dagId: "report",
  version: "v1",
  trigger: { kind: "asset" },
  conf: {},
  createdAt: 9,
});

describe("AssetStore", () => {
  let record: Record;
  beforeEach(async () => {
    record = await openRecord();
  });
  afterEach(() => record.test.close());

  it("notes an update once, however often it is told", async () => {
    const { assets, test, keys } = record;
    assert.equal(await assets.update(updateOf("etl~1~load~1~assets", "s3://a", "s3://b")), 2);
    assert.equal(await assets.update(updateOf("etl~1~load~1~assets", "s3://a", "s3://b")), 0);
    assert.equal(await assets.update(updateOf("etl~1~load~2~assets", "s3://a")), 1);
    assert.equal(await assets.count(), 3);
    assert.equal(await test.redis.llen(keys.inbox), 3, "the leader hears of each new one");
  });

  it("tells when an asset was last updated, and by whom", async () => {
    const { assets } = record;
    assert.equal(await assets.lastUpdate("s3://a"), undefined);
    await assets.update(updateOf("1", "s3://a"));
    assert.equal(await assets.tell({ asset: "s3://a", id: "told~x", at: 7, by: "ann", extra: { rows: 3 } }), true);
    assert.equal(await assets.tell({ asset: "s3://a", id: "told~x", at: 8, by: "ann" }), false);
    assert.equal(await assets.lastUpdate("s3://a"), 7);
    assert.deepEqual(await assets.list(), [{ asset: "s3://a", id: "told~x", number: 2, at: 7, by: "ann", extra: { rows: 3 } }]);
  });

  it("gives the updates behind a number, oldest first", async () => {
    const { assets } = record;
    for (const id of ["1", "2", "3"]) await assets.update(updateOf(id, "s3://a"));
    const since = await assets.since(["s3://a", "s3://b"], 1);
    assert.deepEqual(
      [...since].map(([asset, updates]) => [asset, updates.map(({ id, number }) => [id, number])]),
      [
        [
          "s3://a",
          [
            ["2", 2],
            ["3", 3],
          ],
        ],
        ["s3://b", []],
      ],
    );
  });

  it("lets one leader decide from one state, and only one that is in office", async () => {
    const { assets, leader } = record;
    const token = (await leader.acquireLease("one", 60_000))!;
    const claim = { dagId: "report", to: 3, header: header("report~asset-3") };
    assert.equal(await assets.claimRun({ ...claim, token: "another:7", from: undefined }), false);
    assert.equal(await assets.claimRun({ dagId: "report", token, from: undefined, to: 2 }), true, "passes over");
    assert.equal(await assets.claimRun({ ...claim, token, from: undefined }), false, "decided from an older state");
    assert.equal(await assets.claimRun({ ...claim, token, from: 2 }), true);
    assert.equal(await assets.claimRun({ ...claim, token, from: 2 }), false, "twice");
    assert.equal(await assets.claimRun({ ...claim, token, from: 3, to: 4 }), false, "before the one before is created");
    assert.deepEqual([...(await assets.claimedRuns())], [["report", header("report~asset-3")]]);
    await assets.settleRun("report");
    assert.equal(await assets.claimRun({ ...claim, token, from: 3, to: 4 }), true);
    assert.deepEqual([...(await assets.seen())], [["report", 4]]);
  });
});
