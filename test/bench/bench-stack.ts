import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DagSpec, type DagSpecInput } from "#core/dag-spec.ts";
import { contentHash } from "#core/hash.ts";
import { runId } from "#core/ids.ts";
import { isRunFinal, type Run } from "#core/run.ts";
import { openRedis } from "#state/redis.ts";
import { openState, type State } from "#state/state.ts";
import { findRedis } from "../../services/cli/redis/find-redis.ts";
import { freePort } from "../../services/cli/redis/redis-server.ts";

const HERE = import.meta.dirname;
const READY_MS = 20_000;

/** Real processes around a real Redis with its append-only file on (everysec): what is measured is what runs. */
export interface BenchStack {
  state: State;
  /** Stores the DAG and creates `count` runs of it at once. */
  startRuns(spec: DagSpecInput, count: number): Promise<string[]>;
  /** Waits until all of the runs have ended. */
  ended(runIds: readonly string[], deadlineMs: number): Promise<Run[]>;
  /** A gauge of the worker's metrics; undefined while it does not answer. */
  workerGauge(name: string): Promise<number | undefined>;
  /** Ends the worker as a rollout does and starts another, which is not waited for. */
  restartWorker(): Promise<void>;
  /** Resident memory of the worker in MB: now, and the most so far. */
  workerMemory(): { rssMb: number; peakMb: number };
  /** Processor time that the scheduler has used so far. */
  schedulerCpuMs(): number;
  close(): Promise<void>;
}

export async function startBenchStack(workerEnv: Record<string, string>): Promise<BenchStack> {
  const dir = mkdtempSync(join(tmpdir(), "windlass-bench-"));
  const redisServer = await findRedis(join(dir, "redis"), line => console.error(line));
  const env = {
    PATH: process.env.PATH ?? "",
    REDIS_URL: redisServer.url,
    WINDLASS_LOG_LEVEL: "warn",
    WINDLASS_HEALTH_PORT: "0",
    // A folder of its own: Redis' files change all the time, and a watched folder is read again on every change.
    WINDLASS_DAGS_DIR: mkdtempSync(join(dir, "dags-")),
    WINDLASS_LOGS_DIR: join(dir, "logs"),
    ...workerEnv,
  };
  const launch = (script: string, more: Record<string, string> = {}): ChildProcess =>
    spawn(process.execPath, [join(HERE, script)], { env: { ...env, ...more }, stdio: "inherit" });
  const healthPort = await freePort();
  const launchWorker = () => launch("bench-worker.ts", { WINDLASS_HEALTH_PORT: String(healthPort) });
  const scheduler = launch("../../services/scheduler/main.ts");
  let worker = launchWorker();
  const redis = openRedis(redisServer.url, { role: "client", name: "bench" });
  const state = openState(redis);
  await ready(state, [scheduler, worker]);

  return {
    state,
    async startRuns(input, count) {
      const spec = DagSpec.parse(input);
      const version = contentHash(spec);
      await state.dags.putSpec(version, spec);
      const stamp = Date.now().toString(36);
      const ids = Array.from({ length: count }, (_, i) => runId(spec.id, `${stamp}-${i}`));
      const createdAt = Date.now();
      await Promise.all(
        ids.map(id => state.runs.createRun({ id, dagId: spec.id, version, trigger: { kind: "bench" }, conf: {}, createdAt })),
      );
      return ids;
    },
    async ended(runIds, deadlineMs) {
      const deadline = performance.now() + deadlineMs;
      const runs: Run[] = [];
      for (const id of runIds) {
        for (;;) {
          const run = await state.runs.getRun(id);
          if (run && isRunFinal(run.state)) {
            runs.push(run);
            break;
          }
          if (performance.now() > deadline) throw new Error(`run ${id} is ${run?.state ?? "unknown"} after ${deadlineMs} ms`);
          await sleep(20);
        }
      }
      return runs;
    },
    async workerGauge(name) {
      const metrics = await fetch(`http://127.0.0.1:${healthPort}/metrics`).catch(() => undefined);
      const value = new RegExp(`^${name}(?:{.*})? (\\S+)$`, "m").exec((await metrics?.text()) ?? "")?.[1];
      return value === undefined ? undefined : Number(value);
    },
    async restartWorker() {
      await stop(worker);
      worker = launchWorker();
    },
    workerMemory() {
      const status = readFileSync(`/proc/${worker.pid}/status`, "utf8");
      const megabytes = (field: string) => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1_024;
      return { rssMb: megabytes("VmRSS"), peakMb: megabytes("VmHWM") };
    },
    schedulerCpuMs() {
      // Fields 14 and 15 behind the name in brackets: user and system time in hundredths of a second.
      const fields = readFileSync(`/proc/${scheduler.pid}/stat`, "utf8").split(") ")[1]!.split(" ");
      return (Number(fields[11]) + Number(fields[12])) * 10;
    },
    async close() {
      await Promise.all([scheduler, worker].map(stop));
      redis.disconnect();
      await redisServer.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Ready: a worker reports itself. A leader is found by the first run, which waits for it. */
async function ready(state: State, children: readonly ChildProcess[]): Promise<void> {
  for (const began = performance.now(); performance.now() - began < READY_MS; await sleep(20)) {
    if (children.some(child => child.exitCode !== null)) throw new Error("a service ended at its start");
    if ((await state.claims.listWorkers()).length > 0) return;
  }
  throw new Error(`the services were not ready within ${READY_MS / 1_000} s`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}
