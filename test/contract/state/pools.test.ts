import assert from "node:assert/strict";
import { parseInboxEntry } from "#state/inbox-entry.ts";
import { openRecord, type Record } from "./record.ts";

describe("pool store", () => {
  let record: Record;
  beforeEach(async () => {
    record = await openRecord();
  });
  afterEach(() => record.test.close());

  const told = async () => (await record.test.redis.lrange(record.keys.inbox, 0, -1)).map(parseInboxEntry);

  it("keeps pools by name and tells the leader of every change", async () => {
    const { pools } = record;
    assert.deepEqual(await pools.listPools(), []);
    assert.equal(await pools.putPool({ name: "gpu", slots: 2 }, 1_000), true);
    assert.equal(await pools.putPool({ name: "etl", slots: 8, description: "x", includeDeferred: true }, 2_000), true);
    assert.equal(await pools.putPool({ name: "gpu", slots: 0 }, 3_000), false);
    assert.deepEqual(await pools.listPools(), [
      { name: "etl", slots: 8, description: "x", includeDeferred: true },
      { name: "gpu", slots: 0 },
    ]);
    assert.deepEqual([await pools.removePool("etl", 4_000), await pools.removePool("etl", 5_000)], [true, false]);
    assert.deepEqual(
      (await pools.listPools()).map(({ name }) => name),
      ["gpu"],
    );
    assert.deepEqual(
      (await told()).map(({ type, at }) => `${type} ${at}`),
      ["pools 1000", "pools 2000", "pools 3000", "pools 4000", "pools 5000"],
    );
  });
});

describe("queue index", () => {
  it("knows every queue once, by name", async () => {
    const record = await openRecord();
    try {
      const { queues } = record;
      await queues.note(["pods", "gpu"]);
      await queues.note(["gpu"]);
      await queues.note([]);
      assert.deepEqual(await queues.list(), ["gpu", "pods"]);
    } finally {
      await record.test.close();
    }
  });
});
