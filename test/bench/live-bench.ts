import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DagSpec } from "#core/dag-spec.ts";
import { contentHash } from "#core/hash.ts";
import { openFileLogStore } from "#logstore/file-log-store.ts";
import { keysOf } from "#state/keys.ts";
import { openRedis, type Redis } from "#state/redis.ts";
import { openState } from "#state/state.ts";
import { formatTaskRecord } from "#state/task-record.ts";
import { findRedis } from "../../services/cli/redis/find-redis.ts";
import { freePort } from "../../services/cli/redis/redis-server.ts";
import { until } from "../support/until.ts";
import type { LiveClientsOrder, LiveClientsReport } from "./live-clients.ts";
import { round, spread } from "./percentiles.ts";

const CLIENTS = 2_000;
const FOLLOWERS = 200;
const RUNS = 50;
const TASKS = 20;
const LOGS = 20;
const MEASURED_MS = 15_000;
/** Ten times a second: so many tasks move, one run does, and every log gets a line. */
const TICK_MS = 100;
const MOVES_A_TICK = 20;
const GET_EVERY_MS = 20;

/** As the manifests start it: without a bound V8 takes memory that is there rather than collect what is not used. */
const HEAP = ["--max-old-space-size=384", "--max-semi-space-size=16"];

const ROOT = join(import.meta.dirname, "../..");
const SPEC = DagSpec.parse({
  id: "live",
  tasks: Array.from({ length: TASKS }, (_, i) => ({ id: `task-${i}`, operator: "pod", pod: { image: "a" } })),
});

/** One dashboard with 2,000 clients of the event stream and 200 of logs, in another process, while tasks move and logs grow. */
export async function live() {
  const dir = mkdtempSync(join(tmpdir(), "windlass-live-"));
  const server = await findRedis(join(dir, "redis"), line => console.error(line));
  const redis = openRedis(server.url, { role: "client", name: "bench" });
  const children: ChildProcess[] = [];
  try {
    const runIds = await seed(redis);
    const port = await freePort();
    const env = {
      REDIS_URL: server.url,
      WINDLASS_PORT: String(port),
      WINDLASS_LOGS_DIR: join(dir, "logs"),
      WINDLASS_LOG_LEVEL: "warn",
    };
    const dashboard = spawn(process.execPath, [...HEAP, join(ROOT, "services/dashboard/main.ts")], {
      env: { PATH: process.env.PATH ?? "", ...env },
      stdio: "inherit",
    });
    children.push(dashboard);
    const url = `http://127.0.0.1:${port}`;
    const isUp = () =>
      fetch(`${url}/readyz`).then(
        answer => answer.ok,
        () => false,
      );
    await until(isUp, { deadlineMs: 20_000, what: "the dashboard" });
    const idleMb = rssMb(dashboard);

    const clients = fork(join(import.meta.dirname, "live-clients.ts"));
    children.push(clients);
    const look = async (): Promise<LiveClientsReport> => {
      clients.send("look");
      return (await once(clients, "message"))[0] as LiveClientsReport;
    };
    const logs = openFileLogStore({ dir: join(dir, "logs") });
    const writers = await Promise.all(runIds.slice(0, LOGS).map(runId => logs.openWriter({ runId, taskId: "task-0", try: 1 })));
    clients.send({ port, paths: pathsFor(runIds) } satisfies LiveClientsOrder);
    const total = CLIENTS + FOLLOWERS;
    await until(async () => (await look()).connected === total, { deadlineMs: 60_000, what: `${total} clients` });

    const stop = new AbortController();
    const moving = move(redis, runIds, writers, stop.signal);
    const [cpuMs, began] = [cpuOf(dashboard), performance.now()];
    const tookMs = await getRuns(url, runIds, MEASURED_MS);
    const seconds = (performance.now() - began) / 1_000;
    const report = await look();
    const cpuPercent = (cpuOf(dashboard) - cpuMs) / seconds / 10;
    stop.abort();
    await moving;
    await Promise.all(writers.map(writer => writer.close()));
    return {
      clients: CLIENTS,
      followers: FOLLOWERS,
      rssMb: rssMb(dashboard),
      peakMb: rssMb(dashboard, "VmHWM"),
      idleMb,
      cpuPercent: round(cpuPercent, 0),
      getRun: { asked: tookMs.length, ...spread(tookMs) },
      eventsPerS: round(report.events / seconds, 0),
      logLinesPerS: round(report.logLines / seconds, 0),
      toldAfterMs: { p50: report.p50Ms, p99: report.p99Ms },
      resyncs: report.resyncs,
      lost: report.lost,
    };
  } finally {
    for (const child of children) await stopChild(child);
    redis.disconnect();
    await server.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function seed(redis: Redis): Promise<string[]> {
  const { dags, runs } = openState(redis);
  const version = contentHash(SPEC);
  await dags.putSpec(version, SPEC);
  const runIds = Array.from({ length: RUNS }, (_, i) => `live~${i}`);
  for (const id of runIds) {
    await runs.createRun({ id, dagId: "live", version, trigger: { kind: "bench" }, conf: {}, createdAt: Date.now() });
    const record = formatTaskRecord({ state: "running", gen: 1, try: 1, infra: 0, epoch: 1, startedAt: Date.now() });
    await redis.hset(keysOf().tasks(id), Object.fromEntries(SPEC.tasks.map(task => [task.id, record])));
  }
  return runIds;
}

/** Everybody watches the lists of the start page and a run; a follower one of the logs. */
function pathsFor(runIds: readonly string[]): string[] {
  const ofRun = (i: number) => encodeURIComponent(runIds[i % runIds.length]!);
  return [
    ...Array.from(
      { length: CLIENTS },
      (_, i) => `/api/v1/events?topics=runs,workers,import-errors,run:${ofRun(i)},tasks:${ofRun(i)}`,
    ),
    ...Array.from({ length: FOLLOWERS }, (_, i) => `/api/v1/runs/${ofRun(i % LOGS)}/tasks/task-0/logs?follow=1`),
  ];
}

interface Writer {
  write(line: { ts: string; text: string }): boolean;
}

async function move(redis: Redis, runIds: readonly string[], writers: readonly Writer[], signal: AbortSignal): Promise<void> {
  const { events } = keysOf();
  for (let n = 0; !signal.aborted; n++) {
    const [at, pipeline] = [Date.now(), redis.pipeline()];
    const tell = (...fields: (string | number)[]) => pipeline.xadd(events, "MAXLEN", "~", 100_000, "*", ...fields);
    for (let i = 0; i < MOVES_A_TICK; i++) {
      const runId = runIds[(n * MOVES_A_TICK + i) % RUNS]!;
      tell("run", runId, "state", "running", "at", at, "task", `task-${(n + i) % TASKS}`);
    }
    tell("run", runIds[n % RUNS]!, "state", "running", "at", at);
    await pipeline.exec();
    for (const writer of writers)
      writer.write({ ts: `${new Date(at).toISOString().slice(0, -1)}000000Z`, text: `line ${n} of what it prints` });
    await sleep(TICK_MS);
  }
}

/** One request after the other, at their times. Returns how long each took from the time it was due. */
async function getRuns(url: string, runIds: readonly string[], forMs: number): Promise<number[]> {
  const tookMs: number[] = [];
  const began = performance.now();
  for (let n = 0; ; n++) {
    const dueMs = n * GET_EVERY_MS;
    if (dueMs > forMs) return tookMs;
    await sleep(Math.max(0, began + dueMs - performance.now()));
    const asked = performance.now();
    const answer = await fetch(`${url}/api/v1/runs/${encodeURIComponent(runIds[n % RUNS]!)}`);
    if (!answer.ok) throw new Error(`GET run: ${answer.status} ${await answer.text()}`);
    await answer.arrayBuffer();
    tookMs.push(performance.now() - asked);
  }
}

const rssMb = ({ pid }: ChildProcess, field = "VmRSS"): number =>
  round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1_024, 0);

/** Processor time so far. Fields 14 and 15 behind the name in brackets: user and system time in hundredths of a second. */
function cpuOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}
