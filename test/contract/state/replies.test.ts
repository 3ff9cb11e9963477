import assert from "node:assert/strict";
import { openRecord, type Record } from "./record.ts";

describe("answers to requests with a key", () => {
  let record: Record;
  beforeEach(async () => {
    record = await openRecord();
  });
  afterEach(() => record.test.close());

  it("one of many is the first, and the others get its answer", async () => {
    const { replies } = record;
    const asked = await Promise.all(Array.from({ length: 10 }, () => replies.reserve("k", "h")));
    assert.deepEqual(asked.map(({ result }) => result).sort(), [...Array(9).fill("busy"), "first"]);
    await replies.keep("k", "h", { status: 201, body: { id: "a b" } });
    assert.deepEqual(await replies.reserve("k", "h"), { result: "answered", reply: { status: 201, body: { id: "a b" } } });
    assert.deepEqual(await replies.reserve("k", "other"), { result: "differs" });
    assert.deepEqual(await replies.reserve("k2", "other"), { result: "first" });
  });

  it("after one that came to nothing the next is the first", async () => {
    await record.replies.reserve("k", "h");
    await record.replies.release("k");
    assert.deepEqual(await record.replies.reserve("k", "h2"), { result: "first" });
  });

  it("are kept for a day, and a reservation for a minute", async () => {
    const { redis } = record.test;
    const within = async (mostMs: number) => {
      const left = await redis.pttl(record.keys.reply("k"));
      assert.ok(left > 0 && left <= mostMs, String(left));
      return left;
    };
    await record.replies.reserve("k", "h");
    await within(60_000);
    await record.replies.keep("k", "h", 1);
    assert.ok((await within(86_400_000)) > 60_000);
  });
});
