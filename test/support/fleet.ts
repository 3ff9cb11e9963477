import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { Job } from "bullmq";
import { DagSpec, type DagSpecInput } from "#core/dag-spec.ts";
import { contentHash } from "#core/hash.ts";
import { runId } from "#core/ids.ts";
import { isRunFinal, type Run, type TaskRun, taskOf } from "#core/run.ts";
import type { TaskSpecInput } from "#core/task-spec.ts";
import { type Kube, openKube } from "#kube/kube.ts";
import { INSTANCE_LABEL } from "#kube/manifest.ts";
import { type Pod, terminatedState } from "#kube/pod.ts";
import { openFileLogStore } from "#logstore/file-log-store.ts";
import { parseLine } from "#logstore/log-line.ts";
import type { LogRef, LogStore } from "#logstore/log-store.ts";
import type { JobData } from "#queue/job-data.ts";
import { type JobState, openTaskQueue, type TaskQueue } from "#queue/task-queue.ts";
import { openRedis, type Redis } from "#state/redis.ts";
import { openState, type State } from "#state/state.ts";
import { until } from "./until.ts";

const ROOT = join(import.meta.dirname, "../..");

/** A service of the product in a process of its own, so that it can be killed, paused and drained like one. */
export interface ServiceProcess {
  pid: number;
  /** Sends the signal; for SIGKILL and SIGTERM resolves when the process has ended. */
  signal(signal: NodeJS.Signals): Promise<void>;
  /** Whether it still runs. */
  alive(): boolean;
  /** What it exited with; null while it runs, and when a signal ended it. */
  exitCode(): number | null;
}

/** A service has 55 s to stop in. */
const EXIT_MS = 65_000;

export interface FleetOptions {
  redisUrl: string;
  prefix: string;
  /** Kubeconfig as text. */
  kubeconfig: string;
  namespace?: string;
  /** Keeps what the services write to stdout and stderr, and lets them say everything; else it goes to the terminal. */
  capture?: boolean;
}

/** Schedulers, workers and an observer around one Redis and one cluster. */
export interface Fleet {
  state: State;
  queue: TaskQueue;
  /** The connection of `state` and `queue`. */
  redis: Redis;
  redisUrl: string;
  prefix: string;
  kube: Kube;
  /** Where the workers keep logs. */
  logs: LogStore;
  instance: string;
  namespace: string;
  dagsDir: string;
  logsDir: string;
  /** Writes a file of the fleet's own and returns its path. */
  file(name: string, text: string): string;
  scheduler(env?: Record<string, string>): Promise<ServiceProcess>;
  worker(env?: Record<string, string>): Promise<ServiceProcess>;
  /** Stores the DAG and creates a run of it. */
  start(spec: DagSpecInput): Promise<string>;
  ended(run: string, deadlineMs?: number): Promise<Run>;
  /** Waits until the task is in the state. */
  taskIn(run: string, taskId: string, state: TaskRun["state"], deadlineMs?: number): Promise<TaskRun>;
  /** Waits until the queue has the job in the state. */
  jobIn(jobId: string, state: JobState, deadlineMs?: number): Promise<Job<JobData, void>>;
  /** What the store has of a log by now, without the stamps; empty when there is none. */
  logText(log: LogRef): Promise<string>;
  /** Names of all pods that ever existed for this fleet, with the uids seen under each. */
  podsSeen(): ReadonlyMap<string, ReadonlySet<string>>;
  /** Names of pods that somebody asked to end before their main container had ended. */
  podsStopped(): ReadonlySet<string>;
  /** What the services wrote, with `capture`. */
  output(): string;
  /** Ends everything, also what a test left behind. */
  close(): Promise<void>;
}

export async function openFleet({
  redisUrl,
  prefix,
  kubeconfig,
  namespace = "default",
  capture = false,
}: FleetOptions): Promise<Fleet> {
  const dir = mkdtempSync(join(tmpdir(), "windlass-fleet-"));
  const kubeconfigFile = join(dir, "kubeconfig");
  writeFileSync(kubeconfigFile, kubeconfig, { mode: 0o600 });
  const [dagsDir, logsDir] = [mkdtempSync(join(dir, "dags-")), join(dir, "logs")];
  const instance = `t-${randomBytes(4).toString("hex")}`;
  const redis = openRedis(redisUrl, { role: "client", name: "fleet" });
  const state = openState(redis, prefix);
  const queue = openTaskQueue({ connection: redis, prefix });
  const kube = await openKube({ kubeconfig: kubeconfigFile, userAgent: "test-observer" });
  const logs = openFileLogStore({ dir: logsDir });
  const observer = observe(kube, namespace, instance);
  await observer.synced.catch(async error => {
    await kube.close();
    redis.disconnect();
    throw error;
  });
  const children = new Set<ChildProcess>();
  const output: string[] = [];
  // Whatever ends the tests ends their services.
  const leave = () => {
    for (const child of children) child.kill("SIGKILL");
    rmSync(dir, { recursive: true, force: true });
  };
  process.once("exit", leave);

  const base = {
    PATH: process.env.PATH ?? "",
    REDIS_URL: redisUrl,
    WINDLASS_PREFIX: prefix,
    WINDLASS_DAGS_DIR: dagsDir,
    WINDLASS_LOGS_DIR: logsDir,
    WINDLASS_BUNDLES_DIR: join(dir, "bundles"),
    WINDLASS_HEALTH_PORT: "0",
    WINDLASS_LOG_LEVEL: capture ? "trace" : (process.env.FLEET_LOG ?? "error"),
    WINDLASS_INSTANCE: instance,
    WINDLASS_NAMESPACE: namespace,
    WINDLASS_IMAGE_GRACE_MS: "0",
    WINDLASS_FN_IMAGE: "node:24",
    WINDLASS_FN_ENTRY: join(ROOT, "services/cli/run-fn.ts"),
    KUBECONFIG: kubeconfigFile,
  };
  const launch = (script: string, env: Record<string, string>): ServiceProcess => {
    const child = spawn(process.execPath, [join(ROOT, script)], {
      env: { ...base, ...env },
      stdio: ["ignore", capture ? "pipe" : "inherit", capture ? "pipe" : "inherit"],
    });
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => output.push(chunk.toString()));
    children.add(child);
    const alive = () => child.exitCode === null && child.signalCode === null;
    return {
      pid: child.pid!,
      alive,
      exitCode: () => child.exitCode,
      async signal(signal) {
        if (!alive()) return;
        child.kill(signal);
        if (signal === "SIGKILL" || signal === "SIGTERM")
          await until(() => !alive(), { deadlineMs: EXIT_MS, what: `the end of ${script} (pid ${child.pid}) after ${signal}` });
      },
    };
  };

  return {
    state,
    queue,
    redis,
    redisUrl,
    prefix,
    kube,
    logs,
    instance,
    namespace,
    dagsDir,
    logsDir,
    file(name, text) {
      const path = join(dir, name);
      writeFileSync(path, text);
      return path;
    },
    async scheduler(env = {}) {
      return launch("services/scheduler/main.ts", env);
    },
    async worker(env = {}) {
      const id = env.WINDLASS_WORKER_ID ?? `w-${randomBytes(3).toString("hex")}`;
      const process = launch("services/worker/main.ts", { ...env, WINDLASS_WORKER_ID: id });
      const up = async () => {
        if (!process.alive()) throw new Error("the worker ended at its start");
        return (await state.claims.listWorkers()).some(worker => worker.id.startsWith(`${id}-`));
      };
      await until(up, { deadlineMs: 15_000, what: "the worker's heartbeat" });
      return process;
    },
    async start(input) {
      const spec = DagSpec.parse(input);
      const version = contentHash(spec);
      await state.dags.putSpec(version, spec);
      const id = runId(spec.id, randomBytes(4).toString("hex"));
      await state.runs.createRun({ id, dagId: spec.id, version, trigger: { kind: "manual" }, conf: {}, createdAt: Date.now() });
      return id;
    },
    async ended(run, deadlineMs = 30_000) {
      const found = async () => {
        const now = await state.runs.getRun(run);
        return now && isRunFinal(now.state) ? now : undefined;
      };
      return until(found, { deadlineMs, what: `the end of run ${run}` });
    },
    async taskIn(run, taskId, wanted, deadlineMs = 15_000) {
      const found = async () => {
        const now = await state.runs.getRun(run);
        const task = now && taskOf(now, taskId);
        return task?.state === wanted ? task : undefined;
      };
      return until(found, { deadlineMs, what: `task ${taskId} in state ${wanted}` });
    },
    async jobIn(id, wanted, deadlineMs = 15_000) {
      await until(async () => (await queue.states([id])).get(id) === wanted, { deadlineMs, what: `job ${id} ${wanted}` });
      return (await queue.bull.getJob(id))!;
    },
    async logText(log) {
      const chunks: Buffer[] = [];
      for await (const chunk of (await logs.read(log))?.chunks ?? []) chunks.push(chunk);
      const lines = Buffer.concat(chunks).toString().split("\n").slice(0, -1);
      return lines.map(line => `${parseLine(line).text}\n`).join("");
    },
    podsSeen: () => observer.seen,
    podsStopped: () => observer.stopped,
    output: () => output.join(""),
    async close() {
      for (const child of children) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill("SIGKILL");
        await once(child, "exit");
      }
      process.off("exit", leave);
      for (const pod of (await kube.listPods(namespace, { labelSelector: `${INSTANCE_LABEL}=${instance}` })).pods) {
        const { name, uid } = pod.metadata;
        await kube.deletePod(namespace, name, { uid, graceSeconds: 0 });
      }
      observer.close();
      await kube.close();
      await queue.close();
      redis.disconnect();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Sees every pod of the instance, whoever created it and however briefly it lived; lists again when a watch ends. */
function observe(kube: Kube, namespace: string, instance: string) {
  const seen = new Map<string, Set<string>>();
  const stopped = new Set<string>();
  const stop = new AbortController();
  const labelSelector = `${INSTANCE_LABEL}=${instance}`;
  const note = (pod: Pod) => {
    const { name, uid, deletionTimestamp } = pod.metadata;
    seen.set(name, (seen.get(name) ?? new Set()).add(uid));
    if (deletionTimestamp !== undefined && terminatedState(pod) === undefined) stopped.add(name);
  };
  const first = Promise.withResolvers<void>();

  const follow = async () => {
    const { pods, resourceVersion } = await kube.listPods(namespace, { labelSelector }, stop.signal);
    pods.forEach(note);
    const abort = new AbortController();
    stop.signal.addEventListener("abort", () => abort.abort(), { once: true });
    const body = await kube.watchPods(namespace, { labelSelector, resourceVersion }, abort);
    first.resolve();
    for await (const line of createInterface({ input: body })) {
      const { type, object } = JSON.parse(line) as { type: string; object: Pod };
      if (type === "ERROR") return;
      note(object);
    }
  };
  const forEver = async () => {
    while (!stop.signal.aborted) {
      // The cluster is away: the next list shows what was missed, if it is still there. At the start it has to be there.
      await follow().catch(error => first.reject(error));
      await sleep(100);
    }
  };
  first.promise.catch(() => stop.abort());
  void forEver();
  return { seen, stopped, synced: first.promise, close: () => stop.abort(new Error("the test has ended")) };
}

/** A pod task that runs the script in busybox. */
export const shell = (id: string, script: string, more: Partial<TaskSpecInput> = {}): TaskSpecInput => ({
  id,
  operator: "pod",
  pod: { image: "busybox:1.36", command: ["sh", "-c", script], terminationGracePeriodSeconds: 2 },
  ...(more as object),
});
