import assert from "node:assert/strict";
import { openState, type State } from "#state/state.ts";
import { type TestRedis, testRedis } from "../../support/redis.ts";

const GRANTS = [{ role: "viewer" as const }];

describe("state: who may come in", () => {
  let redis: TestRedis;
  let state: State;
  beforeEach(async () => {
    redis = await testRedis();
    state = openState(redis.redis, redis.prefix);
  });
  afterEach(() => redis.close());

  it("keeps no token, only its hash, and tells when it was used", async () => {
    const token = { id: "t1", name: "ci", by: "ann", grants: GRANTS, createdAt: 1_000 };
    await state.tokens.putToken("wl_secret", token);
    assert.deepEqual(await state.tokens.listTokens(), [token]);
    assert.equal(await state.tokens.useToken("wl_other", 100_000), undefined);
    assert.deepEqual(await state.tokens.useToken("wl_secret", 100_000), token);
    await state.tokens.useToken("wl_secret", 100_001);
    assert.deepEqual(await state.tokens.listTokens(), [{ ...token, lastUsedAt: 100_000 }], "noted once a minute");
    const keys = await redis.redis.keys(`${redis.prefix}*`);
    const dumps = await Promise.all(keys.map(key => redis.redis.hgetall(key)));
    assert.doesNotMatch(JSON.stringify(dumps), /wl_secret/);
  });

  it("refuses a token that has expired or was revoked", async () => {
    await state.tokens.putToken("a", { id: "a", name: "a", by: "ann", grants: GRANTS, createdAt: 1, expiresAt: 50 });
    await state.tokens.putToken("b", { id: "b", name: "b", by: "bob", grants: GRANTS, createdAt: 2 });
    assert.equal((await state.tokens.useToken("a", 49))?.id, "a");
    assert.equal(await state.tokens.useToken("a", 50), undefined);
    assert.equal(await state.tokens.revokeTokens(({ by }) => by === "bob"), 1);
    assert.equal(await state.tokens.useToken("b", 49), undefined);
    assert.deepEqual(
      (await state.tokens.listTokens()).map(({ id }) => id),
      ["a"],
    );
  });

  it("lets the first user be made once, by whoever has the code", async () => {
    const user = (name: string) => ({ name, passwordHash: "h", grants: GRANTS, createdAt: 1 });
    await state.users.allowSetup("hash", 60_000);
    await state.users.allowSetup("hash-2", 60_000);
    assert.equal(await state.users.createFirstUser("wrong", user("eve")), "refused");
    const answers = await Promise.all(["ann", "bob"].map(name => state.users.createFirstUser("hash", user(name))));
    assert.deepEqual(answers.sort(), ["created", "refused"]);
    assert.equal((await state.users.listUsers()).length, 1);
    assert.equal(await state.users.createFirstUser("hash-2", user("eve")), "refused");
  });

  it("has one key for the sessions of all dashboards", async () => {
    const other = openState(redis.open(), redis.prefix);
    const [a, b] = await Promise.all([state.sessions.key(), other.sessions.key()]);
    assert.equal(a.length, 32);
    assert.deepEqual(a, b);
  });

  it("ends one session, or all of a person that began before", async () => {
    const counts = (id: string, loggedInAt: number) => state.sessions.counts({ id, name: "ann", loggedInAt });
    assert.equal(await counts("s1", 10), true);
    await state.sessions.end("s1", 60_000);
    assert.deepEqual([await counts("s1", 10), await counts("s2", 10)], [false, true]);
    await state.sessions.endAll("ann", 20);
    assert.deepEqual([await counts("s2", 10), await counts("s3", 20), await counts("s4", 21)], [false, false, true]);
    assert.equal(await state.sessions.counts({ id: "s5", name: "bob", loggedInAt: 10 }), true);
  });

  it("counts in windows that end", async () => {
    const [first, second] = [await state.rates.take("x", 60_000), await state.rates.take("x", 60_000)];
    assert.deepEqual([first.count, second.count, (await state.rates.take("y", 60_000)).count], [1, 2, 1]);
    assert.ok(second.leftMs > 0 && second.leftMs <= 60_000);
    assert.ok((await redis.redis.pttl(`${redis.prefix}:rate:x`)) > 0);
  });
});

describe("state: audit", () => {
  let redis: TestRedis;
  let state: State;
  before(async () => {
    redis = await testRedis();
    state = openState(redis.redis, redis.prefix);
    for (let n = 1; n <= 1_200; n++) {
      const [who, what] = n % 3 === 0 ? ["bob", "board.retry"] : ["ann", "POST /api/v1/runs"];
      await state.audit.note({ at: n, who, from: "::1", what, target: `/runs/${n}`, status: 201, requestId: `r-${n}` });
    }
  });
  after(() => redis.close());

  const pages = async (query: { limit: number; who?: string; what?: string; target?: string }) => {
    const found: number[][] = [];
    for (let before: string | undefined; ; ) {
      const page = await state.audit.list({ ...query, before });
      found.push(page.entries.map(({ at }) => at));
      if (page.next === undefined) return found;
      before = page.next;
    }
  };

  it("pages through everything, newest first, without a gap", async () => {
    const all = (await pages({ limit: 500 })).flat();
    assert.deepEqual(
      all,
      Array.from({ length: 1_200 }, (_, index) => 1_200 - index),
    );
  });

  it("filters by who, what and target", async () => {
    assert.equal((await pages({ limit: 100, who: "bob" })).flat().length, 400);
    assert.equal((await pages({ limit: 100, what: "POST" })).flat().length, 800);
    assert.deepEqual((await pages({ limit: 100, target: "/runs/1199" })).flat(), [1_199]);
  });

  it("filters by time", async () => {
    const [{ entries: newest }, { entries: oldest }] = await Promise.all([
      state.audit.list({ limit: 1 }),
      state.audit.list({ limit: 500, until: Date.now() - 3_600_000 }),
    ]);
    assert.equal(oldest.length, 0);
    const since = Number(newest[0]!.id.split("-")[0]);
    assert.equal((await state.audit.list({ limit: 1, since })).entries[0]!.at, 1_200);
    assert.equal((await state.audit.list({ limit: 1, since: since + 1 })).entries.length, 0);
  });
});
