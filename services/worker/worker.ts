import { hostname } from "node:os";
import type { TaskSpec } from "#core/dag-spec.ts";
import { runOfJob } from "#core/ids.ts";
import { succeeded } from "#core/outcome.ts";
import { type Kube, openKube } from "#kube/kube.ts";
import { openFileLogStore } from "#logstore/file-log-store.ts";
import { openTaskWorker, type TaskWorker } from "#queue/task-worker.ts";
import { type HealthServer, startHealthServer } from "#runtime/health-server.ts";
import { createLogger, type Logger } from "#runtime/logger.ts";
import { createMetrics, Gauge } from "#runtime/metrics.ts";
import { openRedis } from "#state/redis.ts";
import { openState, type State } from "#state/state.ts";
import { Aftercare } from "./aftercare.ts";
import type { WorkerConfig } from "./config.ts";
import { Heartbeat } from "./heartbeat.ts";
import { Janitor } from "./janitor.ts";
import { cancelPodTry, type PodOperatorDeps, podOperator } from "./pod-operator.ts";
import { Reflectors } from "./reflectors.ts";
import { type JobDeps, runJob } from "./run-job.ts";

export interface WorkerHandle {
  /** Where the health server answers. */
  url: string;
  /** Ids of the jobs it holds. */
  held(): string[];
  /** Hands every job back within a second, leaves all pods alone, ends. */
  close(): Promise<void>;
}

export interface WorkerParts {
  log?: Logger;
  /** Instants in ms. Default: Date.now. */
  now?: () => number;
}

/** How long a leaving worker goes on with logs of tries that have ended; the janitor of another one does the rest. */
const AFTERCARE_MS = 10_000;

/** Starts a worker: it takes jobs, and has a pod in the cluster for each. Any number may run; each is alike. */
export async function startWorker(
  config: WorkerConfig,
  { log = createLogger("worker", { level: config.WINDLASS_LOG_LEVEL }), now = Date.now }: WorkerParts = {},
): Promise<WorkerHandle> {
  const id = `${config.WINDLASS_WORKER_ID}-${process.pid}`;
  const onError = (err: unknown) => log.warn({ event: "worker.error", err });
  const connect = (role: "client" | "blocking", name: string) => openRedis(config.REDIS_URL, { role, name, onError });
  const [redis, queueRedis, cancelRedis] = [
    connect("client", "worker"),
    connect("client", "worker-queue"),
    connect("blocking", "worker-cancels"),
  ];
  const state = openState(redis, config.WINDLASS_PREFIX);

  const kube = await openKube({
    ...(config.KUBECONFIG === undefined ? {} : { kubeconfig: config.KUBECONFIG }),
    ...(config.WINDLASS_KUBE_CONTEXT === undefined ? {} : { context: config.WINDLASS_KUBE_CONTEXT }),
    ...(config.WINDLASS_KUBE_SERVER === undefined ? {} : { server: config.WINDLASS_KUBE_SERVER }),
    userAgent: `windlass-worker/${id}`,
    requestTimeoutMs: config.WINDLASS_KUBE_TIMEOUT_MS,
  });
  const reflectors = new Reflectors({ kube, instance: config.WINDLASS_INSTANCE, onError });
  // The watch of the usual namespace is open before the first job needs it.
  reflectors.of(config.WINDLASS_NAMESPACE);
  const aftercare = new Aftercare(log);
  const pods = podDeps(config, { kube, reflectors, now, onError });
  const { WINDLASS_INFRA_DELAY_MS: infraDelayMs } = config;
  const deps = jobDeps({ state, pods, aftercare, worker: id, infraDelayMs, now, log });

  const worker: TaskWorker = openTaskWorker({
    connection: queueRedis,
    prefix: config.WINDLASS_PREFIX,
    workerName: id,
    concurrency: config.WINDLASS_CONCURRENCY,
    lockDurationMs: config.WINDLASS_LOCK_MS,
    stalledIntervalMs: config.WINDLASS_STALLED_MS,
    handle: (job, signal) => runJob(job, signal, deps),
    onError: (err, jobId) => log.warn({ event: "job.error", jobId, err }),
  });
  // Messages that came while this connection was away are lost; the record has them.
  cancelRedis.on("ready", () => void abortCancelled(state, worker).catch(onError));
  const stopCancels = await state.claims.subscribeCancels(cancelRedis, runId => {
    for (const jobId of worker.held()) if (runOfJob(jobId) === runId) worker.abort(jobId, "cancel");
  });
  const heartbeat = new Heartbeat({
    claims: state.claims,
    worker,
    id,
    host: hostname(),
    concurrency: config.WINDLASS_CONCURRENCY,
    now,
    onError,
  });
  const janitor = new Janitor({
    ...pods,
    runs: state.runs,
    redis,
    prefix: config.WINDLASS_PREFIX,
    everyMs: config.WINDLASS_SWEEP_MS,
    patienceMs: config.WINDLASS_SWEEP_PATIENCE_MS,
    log,
  });
  await worker.run();
  heartbeat.start();
  janitor.start();
  const health = await serveHealth(config, { kube, reflectors, worker, aftercare, redisPing: () => redis.ping() });

  return {
    url: health.url,
    held: () => worker.held(),
    async close() {
      heartbeat.draining();
      await stopCancels();
      await worker.drain();
      await Promise.all([aftercare.settled(AFTERCARE_MS), janitor.stop(), heartbeat.stop()]);
      reflectors.close();
      await kube.close();
      await health.close();
      for (const connection of [redis, queueRedis, cancelRedis]) connection.disconnect();
      log.info({ event: "worker.ended", id });
    },
  };
}

async function abortCancelled(state: State, worker: TaskWorker): Promise<void> {
  const held = worker.held();
  const cancelledRuns = await state.claims.cancelledRuns([...new Set(held.map(runOfJob))]);
  for (const jobId of held) if (cancelledRuns.has(runOfJob(jobId))) worker.abort(jobId, "cancel");
}

type PodParts = Pick<PodOperatorDeps, "kube" | "reflectors" | "now" | "onError">;

function podDeps(config: WorkerConfig, parts: PodParts): PodOperatorDeps {
  return {
    ...parts,
    logs: config.WINDLASS_LOGS_DIR === "off" ? undefined : openFileLogStore({ dir: config.WINDLASS_LOGS_DIR }),
    settings: { defaultNamespace: config.WINDLASS_NAMESPACE, instance: config.WINDLASS_INSTANCE },
    limits: {
      schedulingTimeoutMs: config.WINDLASS_SCHEDULING_TIMEOUT_MS,
      startTimeoutMs: config.WINDLASS_START_TIMEOUT_MS,
      imageGraceMs: config.WINDLASS_IMAGE_GRACE_MS,
    },
    keep: { succeededMs: config.WINDLASS_KEEP_SUCCEEDED_MS, failedMs: config.WINDLASS_KEEP_FAILED_MS },
  };
}

interface JobParts extends Pick<JobDeps, "worker" | "infraDelayMs" | "now" | "log"> {
  state: State;
  pods: PodOperatorDeps;
  aftercare: Aftercare;
}

function jobDeps({ state, pods, aftercare, ...rest }: JobParts): JobDeps {
  const tasks = new TaskIndex(version => state.dags.getSpec(version));
  return {
    ...rest,
    claims: state.claims,
    taskSpec: (version, taskId) => tasks.find(version, taskId),
    operators: { pod: podOperator(pods), noop: async () => ({ type: "ended", outcome: succeeded() }) },
    cancelTry: cancelPodTry(pods),
    aftercare: (work, what) => aftercare.take(work, what),
  };
}

/** The tasks of the versions in use, by id. */
class TaskIndex {
  readonly #specOf: State["dags"]["getSpec"];
  readonly #byVersion = new Map<string, ReadonlyMap<string, TaskSpec>>();

  constructor(specOf: State["dags"]["getSpec"]) {
    this.#specOf = specOf;
  }

  async find(version: string, taskId: string): Promise<TaskSpec | undefined> {
    let tasks = this.#byVersion.get(version);
    if (tasks === undefined) {
      const spec = await this.#specOf(version);
      if (spec === undefined) return undefined;
      tasks = new Map(spec.tasks.map(task => [task.id, task]));
      if (this.#byVersion.size >= 500) this.#byVersion.clear();
      this.#byVersion.set(version, tasks);
    }
    return tasks.get(taskId);
  }
}

interface HealthParts {
  kube: Kube;
  reflectors: Reflectors;
  worker: TaskWorker;
  aftercare: Aftercare;
  redisPing(): Promise<unknown>;
}

function serveHealth(
  config: WorkerConfig,
  { kube, reflectors, worker, aftercare, redisPing }: HealthParts,
): Promise<HealthServer> {
  const metrics = createMetrics("worker");
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name: `windlass_${name}`,
      help,
      registers: [metrics],
      collect() {
        this.set(value());
      },
    });
  gauge("jobs_held", "Jobs this worker holds", () => worker.held().length);
  gauge("aftercare", "Ended tries whose log or pod is still being looked after", () => aftercare.size);
  gauge("kube_requests", "Requests sent to the API server since the start", () => kube.stats.requests);
  gauge("kube_retries", "Repeated requests since the start", () => kube.stats.retries);
  gauge("pods_cached", "Pods in the reflectors", () => [...reflectors.all()].reduce((sum, { stats }) => sum + stats.pods, 0));
  return startHealthServer({
    service: "worker",
    host: config.WINDLASS_HEALTH_HOST,
    port: config.WINDLASS_HEALTH_PORT,
    metrics,
    checks: {
      redis: async () => void (await redisPing()),
      kubernetes: async () => {
        for (const { stats } of reflectors.all()) if (!stats.synced) throw new Error("the pods were not listed yet");
        return undefined;
      },
      queue: async () => {
        if (!(await worker.isHealthy())) throw new Error("jobs wait, slots are free, and none was taken for two minutes");
        return undefined;
      },
    },
  });
}
