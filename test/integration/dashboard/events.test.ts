import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { EVENTS, type EventName } from "#contract/event.ts";
import { openEvents } from "../../support/event-source.ts";
import { until } from "../../support/until.ts";
import { essence, type OpenDashboard, openDashboard } from "./open-dashboard.ts";

describe("dashboard: events", () => {
  let dashboard: OpenDashboard;
  const closing: { close(): void }[] = [];
  beforeEach(async () => {
    dashboard = await openDashboard();
    await dashboard.publish({ id: "etl", tasks: [{ id: "load", operator: "noop" }] });
  });
  afterEach(async () => {
    for (const one of closing.splice(0)) one.close();
    await dashboard.close();
  });

  const watch = async (topics: string, headers: Record<string, string> = {}) => {
    const stream = await openEvents(`${dashboard.url}/api/v1/events?topics=${encodeURIComponent(topics)}`, { headers });
    closing.push(stream);
    return stream;
  };
  type Stream = Awaited<ReturnType<typeof watch>>;
  const told = ({ events }: Stream) => events.map(({ event, data }) => ({ event, ...(JSON.parse(data) as object) }));
  const hears = (stream: Stream, count: number) =>
    until(() => (stream.events.length >= count ? told(stream) : undefined), { what: `${count} events` });

  /** Runs of a DAG are created without asking: what is tested is what comes of it. */
  const createRun = (id: string, dagId = "etl") =>
    dashboard.state.runs.createRun({ id, dagId, version: "v", trigger: { kind: "api" }, conf: {}, createdAt: 5_000 });

  it("tell of runs, DAGs, pools and workers in the shape of the contract", async () => {
    const stream = await watch("runs,dag:etl,pools,workers,import-errors");
    await hears(stream, 1);
    const start = await dashboard.ask("/api/v1/dags/etl/runs", { method: "POST", body: { runId: "1" } });
    assert.equal(start.status, 201, start.text);
    await hears(stream, 2);
    await dashboard.ask("/api/v1/dags/etl", { method: "PATCH", body: { paused: true } });
    await dashboard.state.pools.putPool({ name: "gpu", slots: 1 }, 7_000);
    const worker = { id: "w", host: "h", startedAt: 1, at: 8_000, concurrency: 1, held: 0, state: "running" as const };
    await dashboard.state.claims.heartbeat(worker, 60_000);
    await dashboard.state.dags.replaceImportErrors([]);
    await hears(stream, 6);
    const all = told(stream).map(({ event, ...data }) => {
      EVENTS[event as EventName].parse(data);
      const { at: _, ...rest } = data as { at?: string };
      return { event, ...rest };
    });
    assert.deepEqual(all, [
      { event: "ready" },
      { event: "run", runId: "etl~1", dagId: "etl", state: "queued" },
      { event: "dag", dagId: "etl", state: "paused" },
      { event: "pool", pool: "gpu", state: "put" },
      { event: "worker", worker: "w", state: "running" },
      { event: "import-errors", count: 0 },
    ]);
  });

  it("coalesce what moves fast, and lose no last state", async () => {
    const stream = await watch("tasks:etl~1,runs");
    await createRun("etl~1");
    await hears(stream, 2);
    const { redis, prefix } = dashboard.redis;
    const tasks = ["a", "b"];
    for (let n = 0; n < 500; n++) {
      const pipeline = redis.pipeline();
      for (const id of tasks)
        pipeline.xadd(`${prefix}:events`, "*", "run", "etl~1", "state", n < 499 ? "running" : "success", "at", n, "task", id);
      await pipeline.exec();
    }
    const lastOf = () => new Map(told(stream).map(event => [(event as { taskId?: string }).taskId, event]));
    await until(() => tasks.every(id => (lastOf().get(id) as { state?: string })?.state === "success"), {
      what: "the last states",
    });
    assert.ok(stream.events.length < 100, `${stream.events.length} events of 1,000 changes`);
  });

  it("go on behind a cut: on this dashboard, on another, and after an end by it", async () => {
    const first = await watch("runs");
    await createRun("etl~1");
    await hears(first, 2);
    first.close();
    for (const id of ["etl~2", "etl~3"]) await createRun(id);
    const again = await watch("runs", { "last-event-id": first.lastId });
    const names = (stream: Stream) => told(stream).map(event => (event as { runId?: string }).runId ?? event.event);
    await hears(again, 2);
    assert.deepEqual(names(again), ["etl~2", "etl~3"]);

    const other = await openDashboard({ WINDLASS_PREFIX: dashboard.redis.prefix, REDIS_URL: dashboard.redis.url });
    const there = await openEvents(`${other.url}/api/v1/events?topics=runs`, { headers: { "last-event-id": first.lastId } });
    await until(() => there.events.length >= 2, { what: "the same events elsewhere" });
    assert.deepEqual(names(there), ["etl~2", "etl~3"]);
    await other.close();
    await there.ended;
  });

  it("say resync to who comes from further behind than what is kept", async () => {
    const old = await watch("runs", { "last-event-id": "1-0" });
    assert.deepEqual(await hears(old, 1), [{ event: "resync" }]);
    const strange = await dashboard.ask("/api/v1/events?topics=runs", { headers: { "last-event-id": "12" } });
    assert.deepEqual(essence(strange), [422, "WL_INPUT", "header/last-event-id"]);
  });

  it("say resync when Redis has lost what was to come", async () => {
    const stream = await watch("runs");
    await createRun("etl~1");
    await hears(stream, 2);
    const { redis, prefix } = dashboard.redis;
    await redis.multi().del(`${prefix}:events`).xadd(`${prefix}:events`, "*", "run", "etl~9", "state", "queued", "at", 1).exec();
    assert.deepEqual((await hears(stream, 3)).at(-1), { event: "resync" });
    await createRun("etl~2");
    assert.partialDeepStrictEqual((await hears(stream, 4)).at(-1), { event: "run", runId: "etl~2" });
  });

  it("are dropped for a reader that takes nothing, who is told so when it reads again", async () => {
    const { hostname, port } = new URL(dashboard.url);
    const socket = connect(Number(port), hostname);
    closing.push({ close: () => socket.destroy() });
    socket.write(`GET /api/v1/events?topics=runs HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`);
    let text = "";
    const takeIn = (part: Buffer) => {
      text += part;
    };
    socket.on("data", takeIn);
    await until(() => text.includes("event: ready"), { what: "the beginning" });
    socket.off("data", takeIn).pause();

    const { redis, prefix } = dashboard.redis;
    const watcher = await watch("runs");
    let sent = 0;
    // More than all buffers on the way hold, and the bound on top of it: names of 400 characters, a thousand a batch.
    const full = async () => {
      const before = watcher.events.length;
      const pipeline = redis.pipeline();
      for (let i = 0; i < 1_000; i++)
        pipeline.xadd(`${prefix}:events`, "*", "run", `etl~${String(sent++).padStart(400, "x")}`, "state", "queued", "at", 1);
      await pipeline.exec();
      await until(() => watcher.events.length >= before + 1_000, { what: "the batch at a good reader" });
    };
    for (let batches = 0; batches < 16; batches++) await full();
    assert.equal(watcher.events.filter(({ event }) => event === "resync").length, 0, "a good reader is not dropped");

    socket.on("data", takeIn).resume();
    await until(() => text.includes("event: resync"), { what: "the resync" });
    const got = text.match(/event: run\n/g)?.length ?? 0;
    assert.ok(got < sent, `${got} of ${sent}`);
    await createRun("etl~after");
    await until(() => text.includes("etl~after"), { what: "what happened after the resync" });
    socket.destroy();
    await once(socket, "close");
  }).timeout(30_000);

  it("refuse what they do not know, and are 503 without Redis", async () => {
    const table: [string, unknown[]][] = [
      ["", [422, "WL_INPUT", "query/topics"]],
      ["?topics=moon", [422, "WL_INPUT", "query/topics"]],
      ["?topics=runs&x=1", [422, "WL_INPUT", "query/x"]],
    ];
    for (const [query, expected] of table)
      assert.deepEqual(essence(await dashboard.ask(`/api/v1/events${query}`)), expected, query);
  });

  it("of a DAG are for those who may read it", async () => {
    const token = "the-installation's-own";
    const guarded = await openDashboard({ WINDLASS_TOKEN: token });
    await using _guarded = { [Symbol.asyncDispose]: () => guarded.close() };
    const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
    const made = await guarded.ask("/api/v1/tokens", {
      method: "POST",
      headers: bearer(token),
      body: { name: "ml", grants: [{ role: "viewer", dags: { ids: ["ml"] } }] },
    });
    const limited = bearer(made.body.token);
    for (const topics of ["run:etl~1", "runs,tasks:etl~1", "dag:etl"]) {
      const refused = await guarded.ask(`/api/v1/events?topics=${topics}`, { headers: limited });
      assert.deepEqual(essence(refused), [404, topics === "dag:etl" ? "WL_DAG_UNKNOWN" : "WL_RUN_UNKNOWN"]);
    }
    assert.equal((await guarded.ask("/api/v1/events?topics=runs")).status, 401);

    const stream = await openEvents(`${guarded.url}/api/v1/events?topics=runs,pools,dag:ml`, { headers: limited });
    const header = { version: "v", trigger: { kind: "api" as const }, conf: {}, createdAt: 1 };
    for (const dagId of ["etl", "ml"]) await guarded.state.runs.createRun({ id: `${dagId}~1`, dagId, ...header });
    await guarded.state.pools.putPool({ name: "gpu", slots: 1 }, 1);
    await hears(stream, 3);
    assert.deepEqual(
      stream.events.map(({ event, data }) => (JSON.parse(data) as { runId?: string }).runId ?? event),
      ["ready", "ml~1", "pool"],
    );
    stream.close();
  });

  it("are told by one reader, which needs no client to end", async () => {
    const streams = await Promise.all(Array.from({ length: 20 }, () => watch("runs")));
    const clients = async () => {
      const list = (await dashboard.redis.redis.client("LIST")) as string;
      return list.split("\n").filter(line => line.includes("name=dashboard-events") && line.includes("cmd=xread")).length;
    };
    await until(async () => (await clients()) >= 1, { what: "the reader" });
    const before = await clients();
    await Promise.all(Array.from({ length: 20 }, () => watch("pools")));
    assert.equal(await clients(), before);
    const id = `etl~${randomUUID()}`;
    await createRun(id);
    for (const stream of streams) await hears(stream, 2);
    const metrics = await dashboard.ask("/metrics");
    assert.match(metrics.text, /^windlass_live_clients\{.*\} 40$/m);
    for (const stream of streams) stream.close();
    await until(async () => /^windlass_live_clients\{.*\} 20$/m.test((await dashboard.ask("/metrics")).text), {
      what: "that those who left are forgotten",
    });
  });
});
