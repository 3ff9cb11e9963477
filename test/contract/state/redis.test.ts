import assert from "node:assert/strict";
import { checkRedis } from "#state/check-redis.ts";
import { openRedis, type Redis, type RedisRole } from "#state/redis.ts";
import { openState } from "#state/state.ts";
import { type RedisServer, startRedis } from "../../support/redis.ts";
import { until } from "../../support/until.ts";

const HEADER = { id: "etl~1", dagId: "etl", version: "v1", trigger: { kind: "api" }, conf: {}, createdAt: 1 } as const;

describe("Redis connections", () => {
  let server: RedisServer;
  let connections: Redis[];
  beforeEach(async () => {
    server = await startRedis({ aof: true });
    connections = [];
  });
  afterEach(async () => {
    for (const connection of connections) connection.disconnect();
    await server.stop();
  });

  function open(role: RedisRole): Redis {
    const connection = openRedis(server.url, { role });
    connections.push(connection);
    return connection;
  }

  it("client: waits out a killed server and finds what was acknowledged", async () => {
    const redis = open("client");
    const { runs } = openState(redis);
    await runs.createRun(HEADER);
    await server.kill();
    const answer = runs.getRun("etl~1");
    await server.restart();
    assert.equal((await answer)?.id, "etl~1");
  });

  it("fast-fail: says so at once while the server is away, and works again afterwards", async () => {
    const redis = open("fast-fail");
    await new Promise(resolve => redis.once("ready", resolve));
    const { runs } = openState(redis);
    await server.kill();
    await assert.rejects(runs.getRun("etl~1"));
    await assert.rejects(runs.createRun(HEADER));
    await server.restart();
    await new Promise(resolve => redis.once("ready", resolve));
    assert.equal(await runs.getRun("etl~1"), undefined, "a refused request is not carried out later");
  });

  it("fast-fail: a request that was under way when the server died is not sent again", async () => {
    const redis = open("fast-fail");
    const other = open("client");
    await new Promise(resolve => redis.once("ready", resolve));
    const { runs } = openState(redis);
    await other.client("PAUSE", 60_000);
    const refused = assert.rejects(runs.createRun(HEADER));
    // The pause is over with the process, and the command with its connection.
    await server.kill();
    await server.restart();
    await refused;
    await until(() => redis.status === "ready", { what: "the connection" });
    assert.equal(await runs.getRun("etl~1"), undefined);
  });

  it("checkRedis: names what is wrong with a server and is content with a good one", async () => {
    const redis = open("client");
    assert.deepEqual(await checkRedis(redis), []);
    await redis.config("SET", "maxmemory-policy", "allkeys-lru");
    await redis.config("SET", "appendonly", "no");
    const warnings = await checkRedis(redis);
    assert.deepEqual(
      warnings.map(({ setting, found, fatal }) => [setting, found, fatal]),
      [
        ["maxmemory_policy", "allkeys-lru", false],
        ["aof_enabled", "0", false],
      ],
    );
  });
});
