import assert from "node:assert/strict";
import { openState, type State } from "#state/state.ts";
import { type TestRedis, testRedis } from "../../support/redis.ts";

describe("log index", () => {
  let redis: TestRedis;
  let state: State;
  before(async () => {
    redis = await testRedis();
    state = openState(redis.redis, redis.prefix);
  });
  after(() => redis.close());

  it("tells the runs with logs whose record is gone, a page at a time, each until it is forgotten", async () => {
    const runIds = Array.from({ length: 1_200 }, (_, i) => `sample~${i}`);
    for (const [i, runId] of runIds.entries()) {
      await state.logs.note(runId, i);
      await state.logs.note(runId, 5_000 - i);
    }
    const kept = new Set(["sample~3", "sample~700"]);
    for (const runId of kept) await redis.redis.hset(`${redis.prefix}:run:${runId}`, "state", "success");

    const gone: string[] = [];
    let from = 0;
    do {
      const page = await state.logs.expired(from);
      await state.logs.forget(page.runIds);
      gone.push(...page.runIds);
      from = page.next;
    } while (from > 0);
    assert.deepEqual(
      gone,
      runIds.filter(runId => !kept.has(runId)),
    );
    assert.deepEqual(await state.logs.expired(0), { runIds: [], next: 0 });
  });
});
