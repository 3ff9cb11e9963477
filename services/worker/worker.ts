import { hostname } from "node:os";
import { runOfJob } from "#core/ids.ts";
import { succeeded } from "#core/outcome.ts";
import type { PodPatch } from "#core/pod/pod-patch.ts";
import { type Kube, openKube } from "#kube/kube.ts";
import { readPodTemplate } from "#kube/read-pod-template.ts";
import { openLogStore } from "#logstore/log-settings.ts";
import { openTaskWorker, type TaskWorker } from "#queue/task-worker.ts";
import { type HealthServer, startHealthServer } from "#runtime/health-server.ts";
import { createLogger, type Logger } from "#runtime/logger.ts";
import { createMetrics, Gauge } from "#runtime/metrics.ts";
import type { Plugin } from "#sdk/plugin.ts";
import { openRedis } from "#state/redis.ts";
import { openState, type State } from "#state/state.ts";
import { Aftercare } from "./aftercare.ts";
import type { WorkerConfig } from "./config.ts";
import { DagTasks } from "./dag-tasks.ts";
import { Heartbeat } from "./heartbeat.ts";
import { Janitor } from "./janitor.ts";
import { LogSweeper, notingRuns } from "./log-sweeper.ts";
import { Hooks } from "./plugins/hooks.ts";
import { tapLines } from "./plugins/line-tap.ts";
import { loadPlugins, mutatorsOf } from "./plugins/load-plugins.ts";
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
  // Before anything is connected: a mistake in the file is the reason to end.
  const template = config.WINDLASS_POD_TEMPLATE === undefined ? undefined : await readPodTemplate(config.WINDLASS_POD_TEMPLATE);
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
  const plugins = await loadPlugins(config.WINDLASS_PLUGINS);
  const pods = podDeps(config, { kube, reflectors, template, plugins, state, log, now, onError });
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
  const logSweeper = new LogSweeper({
    logs: pods.logs,
    index: state.logs,
    redis,
    prefix: config.WINDLASS_PREFIX,
    everyMs: config.WINDLASS_LOG_SWEEP_MS,
    log,
  });
  await worker.run();
  heartbeat.start();
  janitor.start();
  logSweeper.start();
  const health = await serveHealth(config, { kube, reflectors, worker, aftercare, redisPing: () => redis.ping() });

  return {
    url: health.url,
    held: () => worker.held(),
    async close() {
      heartbeat.draining();
      await stopCancels();
      await worker.drain();
      await Promise.all([aftercare.settled(AFTERCARE_MS), janitor.stop(), logSweeper.stop(), heartbeat.stop()]);
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

interface PodParts extends Pick<PodOperatorDeps, "kube" | "reflectors" | "now" | "onError"> {
  template: PodPatch | undefined;
  plugins: readonly Plugin[];
  state: State;
  log: Logger;
}

function podDeps(config: WorkerConfig, { template, plugins, state, log, ...parts }: PodParts): PodOperatorDeps {
  const hooks = new Hooks({ plugins, log });
  const logs = openLogStore(config, (err, name) => log.warn({ event: "logs.writeFailed", name, err }));
  return {
    ...parts,
    hooks,
    dispute: dispute => state.claims.dispute(dispute),
    logs: logs && tapLines(notingRuns(logs, state.logs, parts.now), hooks, log),
    settings: {
      defaultNamespace: config.WINDLASS_NAMESPACE,
      instance: config.WINDLASS_INSTANCE,
      ...(template === undefined ? {} : { template }),
      mutators: mutatorsOf(plugins),
    },
    limits: {
      schedulingTimeoutMs: config.WINDLASS_SCHEDULING_TIMEOUT_MS,
      startTimeoutMs: config.WINDLASS_START_TIMEOUT_MS,
      imageGraceMs: config.WINDLASS_IMAGE_GRACE_MS,
      configGraceMs: config.WINDLASS_CONFIG_GRACE_MS,
    },
    eventsEveryMs: config.WINDLASS_EVENTS_EVERY_MS,
    keep: { succeededMs: config.WINDLASS_KEEP_SUCCEEDED_MS, failedMs: config.WINDLASS_KEEP_FAILED_MS },
  };
}

interface JobParts extends Pick<JobDeps, "worker" | "infraDelayMs" | "now" | "log"> {
  state: State;
  pods: PodOperatorDeps;
  aftercare: Aftercare;
}

function jobDeps({ state, pods, aftercare, ...rest }: JobParts): JobDeps {
  const tasks = new DagTasks(version => state.dags.getSpec(version));
  return {
    ...rest,
    claims: state.claims,
    taskOf: (version, taskId) => tasks.find(version, taskId),
    operators: { pod: podOperator(pods), noop: async () => ({ type: "ended", outcome: succeeded() }) },
    cancelTry: cancelPodTry(pods),
    aftercare: (work, what) => aftercare.take(work, what),
  };
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
