import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DagSpec } from "#core/dag-spec.ts";
import { contentHash } from "#core/hash.ts";
import { openRedis } from "#state/redis.ts";
import { openState } from "#state/state.ts";
import { findRedis } from "../../services/cli/redis/find-redis.ts";
import { freePort } from "../../services/cli/redis/redis-server.ts";
import { percentile, round, spread } from "./percentiles.ts";

const HERE = import.meta.dirname;
const TOKEN = "bench-0123456789abcdef";
const READY_MS = 10_000;
const RUNS = 10_000;
const PAGES = 300;
const TRIGGER_MS = 6_000;
const CALLERS = 24;
/** What is asked for: half of it is the rate at which latency is measured. */
const WANTED_PER_SECOND = 1_500;

type Send = (method: string, path: string, body?: string) => Promise<number>;

/** A dashboard as a process of its own, beside a Redis with its append-only file on; this process is its callers. */
export async function api() {
  const dir = mkdtempSync(join(tmpdir(), "windlass-api-bench-"));
  const server = await findRedis(join(dir, "redis"), line => console.error(line));
  const redis = openRedis(server.url, { role: "client", name: "bench" });
  const state = openState(redis);
  const port = await freePort();
  const dashboard = spawn(process.execPath, [join(HERE, "../../services/dashboard/main.ts")], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      PATH: process.env.PATH,
      REDIS_URL: server.url,
      WINDLASS_PORT: String(port),
      WINDLASS_TOKEN: TOKEN,
      WINDLASS_LOGS_DIR: join(dir, "logs"),
      WINDLASS_WRITES_PER_MINUTE: "0",
      WINDLASS_LOG_LEVEL: "warn",
    },
  });
  const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
  const send: Send = (method, path, body) => call(agent, port, method, path, body);
  try {
    await ready(send, dashboard);
    const spec = DagSpec.parse({ id: "bench", tasks: [{ id: "only", operator: "noop" }], maxActiveRuns: 10_000 });
    const row = {
      id: "bench",
      version: contentHash(spec),
      file: "bench.ts",
      publishedAt: 1,
      tags: [],
      timezone: "UTC",
      taskCount: 1,
    };
    await state.dags.publishDag(row, spec);
    await seedRuns(state, row.version);

    const page = await pages(send, "/api/v1/runs?limit=50");
    const filtered = await pages(send, "/api/v1/runs?limit=50&trigger=schedule");
    const polled = await pages(send, "/api/v1/runs/bench~1");
    const most = await trigger(send, Number.POSITIVE_INFINITY);
    const half = await trigger(send, WANTED_PER_SECOND / 2);
    return {
      runs: RUNS,
      pageOf50: spread(page),
      pageOf50Filtered: spread(filtered),
      getRun: spread(polled),
      triggerPerSecond: most.perSecond,
      atRate: half.perSecond,
      trigger: half.latency,
    };
  } finally {
    agent.destroy();
    dashboard.kill("SIGTERM");
    await once(dashboard, "exit");
    redis.disconnect();
    await server.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function seedRuns(state: ReturnType<typeof openState>, version: string): Promise<void> {
  for (let from = 0; from < RUNS; from += 500)
    await Promise.all(
      Array.from({ length: 500 }, (_, i) => {
        const n = from + i;
        const trigger = { kind: n % 2 === 0 ? ("schedule" as const) : ("bench" as const) };
        return state.runs.createRun({ id: `bench~${n}`, dagId: "bench", version, trigger, conf: {}, createdAt: 1_000_000 + n });
      }),
    );
}

/** How long each of many requests takes, one after the other. */
async function pages(send: Send, path: string): Promise<number[]> {
  for (let i = 0; i < 50; i++) await send("GET", path);
  const took: number[] = [];
  for (let i = 0; i < PAGES; i++) {
    const began = performance.now();
    await send("GET", path);
    took.push(performance.now() - began);
  }
  return took;
}

/** Starts runs for some seconds, `perSecond` of them, or as many as are taken. */
async function trigger(send: Send, perSecond: number) {
  const took: number[] = [];
  const began = performance.now();
  const deadline = began + TRIGGER_MS;
  let sent = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() < deadline) {
      // A request is late from the moment when it was due, not from when somebody was free to send it.
      const dueAt = Number.isFinite(perSecond) ? began + (1_000 * sent++) / perSecond : performance.now();
      const waitMs = dueAt - performance.now();
      if (waitMs > 0) await sleep(waitMs);
      const status = await send("POST", "/api/v1/dags/bench/runs", "{}");
      if (status !== 201) throw new Error(`a start was answered ${status}`);
      took.push(performance.now() - Math.min(dueAt, performance.now()));
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  const perSecondMade = round((1_000 * took.length) / (performance.now() - began), 0);
  return { perSecond: perSecondMade, latency: { ...spread(took), maxMs: round(percentile(took, 1)) } };
}

function call(agent: Agent, port: number, method: string, path: string, body?: string): Promise<number> {
  const headers = { authorization: `Bearer ${TOKEN}`, ...(body === undefined ? {} : { "content-type": "application/json" }) };
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port, method, path, agent, headers }, response => {
      response.resume();
      response.once("end", () => resolve(response.statusCode ?? 0));
      response.once("error", reject);
    });
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}

async function ready(send: Send, dashboard: ChildProcess): Promise<void> {
  for (const began = performance.now(); performance.now() - began < READY_MS; await sleep(50)) {
    if (dashboard.exitCode !== null) throw new Error("the dashboard ended at its start");
    if ((await send("GET", "/readyz").catch(() => 0)) === 200) return;
  }
  throw new Error(`the dashboard was not ready within ${READY_MS / 1_000} s`);
}
