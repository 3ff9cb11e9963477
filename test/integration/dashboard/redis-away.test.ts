import assert from "node:assert/strict";
import { openRedis } from "#state/redis.ts";
import { openState } from "#state/state.ts";
import { openEvents } from "../../support/event-source.ts";
import { type RedisServer, startRedis } from "../../support/redis.ts";
import { until } from "../../support/until.ts";
import { essence, type OpenDashboard, openDashboard } from "./open-dashboard.ts";

describe("dashboard: Redis away", () => {
  let server: RedisServer;
  let dashboard: OpenDashboard;
  beforeEach(async () => {
    server = await startRedis();
    dashboard = await openDashboard({ REDIS_URL: server.url });
  });
  afterEach(async () => {
    await dashboard.close();
    await server.stop();
  });

  const requests: [string, string, unknown][] = [
    ["GET", "/api/v1/dags", undefined],
    ["GET", "/api/v1/runs", undefined],
    ["POST", "/api/v1/runs", { image: "a" }],
    ["POST", "/api/v1/runs/a~1/cancel", undefined],
    ["GET", "/api/v1/runs/a~1/tasks/b/logs?follow=1", undefined],
    ["GET", "/api/v1/events?topics=runs", undefined],
    ["GET", "/queues/api/queues", undefined],
    ["GET", "/api/v1/overview", undefined],
    ["GET", "/api/v1/overview/dags", undefined],
  ];

  it("answers 503 with Retry-After, stays alive, is not ready, and recovers by itself", async () => {
    await server.kill();
    for (const [method, path, body] of requests) {
      const answer = await dashboard.ask(path, { method, body });
      assert.deepEqual([...essence(answer), answer.headers.get("retry-after")], [503, "WL_REDIS_AWAY", "1"], `${method} ${path}`);
    }
    assert.equal((await dashboard.ask("/livez")).status, 200);
    assert.equal((await dashboard.ask("/readyz")).status, 503);
    // What needs no Redis is still told.
    assert.deepEqual(essence(await dashboard.ask("/api/v1/runs", { method: "POST", body: {} })), [422, "WL_INPUT", "body/image"]);

    await server.restart();
    await until(async () => (await dashboard.ask("/readyz")).status === 200, { what: "the reconnect" });
    const answer = await dashboard.ask("/api/v1/runs", { method: "POST", body: { image: "a" } });
    assert.equal(answer.status, 201);
    assert.equal(
      (await dashboard.ask("/api/v1/runs")).body.runs.length,
      1,
      "a request that was answered 503 was carried out later",
    );
  });

  it("holds an event stream open, and says when its Redis comes back without what it had", async () => {
    const stream = await openEvents(`${dashboard.url}/api/v1/events?topics=workers`);
    const hears = (count: number) => until(() => stream.events.length >= count, { deadlineMs: 15_000, what: `${count} events` });
    const redis = openRedis(server.url, { role: "client" });
    const { claims } = openState(redis, dashboard.redis.prefix);
    const row = { host: "h", startedAt: 1, at: 1, concurrency: 1, held: 0, state: "running" as const };
    await claims.heartbeat({ ...row, id: "w1" }, 60_000);
    await hears(2);
    await server.kill();
    await server.restart();
    await hears(3);
    await claims.heartbeat({ ...row, id: "w2" }, 60_000);
    await hears(4);
    assert.deepEqual(
      stream.events.map(({ event, data }) => (JSON.parse(data) as { worker?: string }).worker ?? event),
      ["ready", "w1", "resync", "w2"],
    );
    stream.close();
    redis.disconnect();
  });

  it("starts without Redis, and serves when it comes", async () => {
    await server.kill();
    const early = await openDashboard({ REDIS_URL: server.url });
    assert.equal((await early.ask("/api/v1/dags")).status, 503);
    await server.restart();
    await until(async () => (await early.ask("/api/v1/dags")).status === 200, { what: "the first connection" });
    assert.equal((await early.ask("/queues/api/queues")).status, 200);
    await early.close();
  });
});
