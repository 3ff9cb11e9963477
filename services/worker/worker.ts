import { hostname } from "node:os";
import { jobId, jobParts } from "#core/ids.ts";
import type { PodPatch } from "#core/pod/pod-patch.ts";
import { openCustomObjects } from "#kube/custom-objects.ts";
import type { Kube } from "#kube/kube.ts";
import { readPodTemplate } from "#kube/read-pod-template.ts";
import { openLogStore } from "#logstore/log-settings.ts";
import type { TaskWorker } from "#queue/task-worker.ts";
import { createLogger, type Logger } from "#runtime/logger.ts";
import type { Plugin } from "#sdk/plugin.ts";
import { openRedis } from "#state/redis.ts";
import { openState, type State } from "#state/state.ts";
import { Aftercare } from "./aftercare.ts";
import { Clusters } from "./clusters.ts";
import type { WorkerConfig } from "./config.ts";
import { DagTasks } from "./dag-tasks.ts";
import { DrainWatch } from "./drain-watch.ts";
import { Heartbeat } from "./heartbeat.ts";
import { Janitor, type JanitorDeps } from "./janitor.ts";
import { LogSweeper, notingRuns } from "./log-sweeper.ts";
import { startNotices } from "./notices/start-notices.ts";
import { openCluster } from "./open-cluster.ts";
import { openOperators } from "./operators/operators.ts";
import { ResourceSweeper } from "./operators/resource-sweeper.ts";
import { Hooks } from "./plugins/hooks.ts";
import { tapLines } from "./plugins/line-tap.ts";
import { loadPlugins, mutatorsOf } from "./plugins/load-plugins.ts";
import type { PodOperatorDeps } from "./pod-operator.ts";
import { renderTry } from "./render-try.ts";
import { type JobDeps, runJob } from "./run-job.ts";
import { serveHealth } from "./serve-health.ts";
import { openTaskWorkers } from "./task-workers.ts";
import { variableFallback } from "./variable-fallback.ts";

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

  const reach = { userAgent: `windlass-worker/${id}`, onError };
  const own = await openCluster(config, {
    ...reach,
    context: config.WINDLASS_KUBE_CONTEXT,
    server: config.WINDLASS_KUBE_SERVER,
  });
  const { kube, reflectors } = own;
  // The watch of the usual namespace is open before the first job needs it.
  reflectors.of(config.WINDLASS_NAMESPACE);
  const aftercare = new Aftercare(log);
  const plugins = await loadPlugins(config.WINDLASS_PLUGINS);
  const pods = podDeps(config, { kube, reflectors, template, plugins, state, log, now, onError });
  const { WINDLASS_INFRA_DELAY_MS: infraDelayMs } = config;
  const janitorOf = (parts: Partial<JanitorDeps>): Janitor =>
    new Janitor({
      ...pods,
      ...parts,
      runs: state.runs,
      redis,
      prefix: config.WINDLASS_PREFIX,
      everyMs: config.WINDLASS_SWEEP_MS,
      patienceMs: config.WINDLASS_SWEEP_PATIENCE_MS,
      log,
    });
  const janitors = [janitorOf({})];
  const clusters = new Clusters({
    own,
    open: context => openCluster(config, { ...reach, context }),
    onOpened(cluster, parts) {
      const janitor = janitorOf({ ...parts, cluster });
      janitors.push(janitor);
      janitor.start();
    },
  });
  const deps = jobDeps({ config, state, kube, clusters, pods, aftercare, worker: id, infraDelayMs, now, log });

  const queues = config.WINDLASS_QUEUES.map(({ name, concurrency = config.WINDLASS_CONCURRENCY }) => ({ name, concurrency }));
  const worker = openTaskWorkers(queues, {
    connection: queueRedis,
    prefix: config.WINDLASS_PREFIX,
    workerName: id,
    lockDurationMs: config.WINDLASS_LOCK_MS,
    stalledIntervalMs: config.WINDLASS_STALLED_MS,
    handle: (job, signal) => runJob(job, signal, deps),
    onError: (err, jobId) => log.warn({ event: "job.error", jobId, err }),
  });
  // Messages that came while this connection was away are lost; the record has them.
  cancelRedis.on("ready", () => void abortCancelled(state, worker).catch(onError));
  const stopCancels = await state.claims.subscribeCancels(cancelRedis, (runId, job) => {
    if (job !== undefined) return void worker.abort(jobId(runId, job.taskId, job.gen), "cancel");
    for (const id of worker.held()) if (jobParts(id).runId === runId) worker.abort(id, "cancel");
  });
  const heartbeat = new Heartbeat({
    claims: state.claims,
    drains: new DrainWatch({ drains: state.drains, worker, id, log }),
    worker,
    id,
    host: hostname(),
    now,
    onError,
  });
  const logSweeper = new LogSweeper({
    logs: pods.logs,
    index: state.logs,
    redis,
    prefix: config.WINDLASS_PREFIX,
    everyMs: config.WINDLASS_LOG_SWEEP_MS,
    log,
  });
  const resourceSweeper = new ResourceSweeper({
    ledger: state.resources,
    runs: state.runs,
    objects: openCustomObjects(kube),
    redis,
    prefix: config.WINDLASS_PREFIX,
    everyMs: config.WINDLASS_SWEEP_MS,
    patienceMs: config.WINDLASS_SWEEP_PATIENCE_MS,
    now,
    log,
  });
  const notices = startNotices(config, { state, connection: queueRedis, workerName: id, now, log });
  await state.queues.note(queues.map(({ name }) => name));
  await state.podSettings.put({
    defaultNamespace: config.WINDLASS_NAMESPACE,
    instance: config.WINDLASS_INSTANCE,
    ...(template === undefined ? {} : { template }),
    plugins: plugins.filter(({ mutatePod }) => mutatePod !== undefined).map(({ name }) => name),
    at: now(),
  });
  await worker.run();
  heartbeat.start();
  for (const janitor of janitors) janitor.start();
  logSweeper.start();
  resourceSweeper.start();
  const health = await serveHealth(config, { clusters, reflectors, worker, aftercare, redisPing: () => redis.ping() });

  return {
    url: health.url,
    held: () => worker.held(),
    async close() {
      heartbeat.draining();
      await stopCancels();
      await Promise.all([worker.drain(), notices.close()]);
      await Promise.all([
        aftercare.settled(AFTERCARE_MS),
        ...janitors.map(janitor => janitor.stop()),
        logSweeper.stop(),
        resourceSweeper.stop(),
        heartbeat.stop(),
      ]);
      await clusters.close();
      reflectors.close();
      await kube.close();
      await health.close();
      for (const connection of [redis, queueRedis, cancelRedis]) connection.disconnect();
      log.info({ event: "worker.ended", id });
    },
  };
}

async function abortCancelled(state: State, worker: Pick<TaskWorker, "held" | "abort">): Promise<void> {
  const held = worker.held().map(id => ({ id, ...jobParts(id) }));
  for (const { id } of await state.claims.stopped(held)) worker.abort(id, "cancel");
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
    functions: { image: config.WINDLASS_FN_IMAGE, entry: config.WINDLASS_FN_ENTRY },
    eventsEveryMs: config.WINDLASS_EVENTS_EVERY_MS,
    keep: { succeededMs: config.WINDLASS_KEEP_SUCCEEDED_MS, failedMs: config.WINDLASS_KEEP_FAILED_MS },
  };
}

interface JobParts extends Pick<JobDeps, "worker" | "infraDelayMs" | "now" | "log"> {
  config: WorkerConfig;
  state: State;
  kube: Kube;
  clusters: Clusters;
  pods: PodOperatorDeps;
  aftercare: Aftercare;
}

function jobDeps({ config, state, kube, clusters, pods, aftercare, ...rest }: JobParts): JobDeps {
  const tasks = new DagTasks(version => state.dags.getSpec(version));
  return {
    ...rest,
    claims: state.claims,
    taskOf: (version, taskId) => tasks.find(version, taskId),
    render: (request, of) => renderTry(request, of, { scopes: state.scopes, fallback: variableFallback }),
    ...openOperators(config, { state, kube, clusters, pods, now: rest.now }),
    aftercare: (work, what) => aftercare.take(work, what),
  };
}
