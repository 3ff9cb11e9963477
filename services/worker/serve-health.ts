import { type HealthServer, startHealthServer } from "#runtime/health-server.ts";
import { createMetrics, Gauge, type Metrics } from "#runtime/metrics.ts";
import type { Aftercare } from "./aftercare.ts";
import type { Clusters } from "./clusters.ts";
import type { WorkerConfig } from "./config.ts";
import type { Reflectors } from "./reflectors.ts";
import type { TaskWorkers } from "./task-workers.ts";

export interface HealthParts {
  clusters: Clusters;
  /** Those of the own cluster: a worker without them is not ready. */
  reflectors: Reflectors;
  worker: TaskWorkers;
  aftercare: Aftercare;
  redisPing(): Promise<unknown>;
}

/** Says whether the worker is well, and counts what it does. */
export function serveHealth(
  config: WorkerConfig,
  { clusters, reflectors, worker, aftercare, redisPing }: HealthParts,
): Promise<HealthServer> {
  const metrics = createMetrics("worker");
  measure(metrics, { clusters, worker, aftercare });
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

function measure(
  metrics: Metrics,
  { clusters, worker, aftercare }: Pick<HealthParts, "clusters" | "worker" | "aftercare">,
): void {
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name: `windlass_${name}`,
      help,
      registers: [metrics],
      collect() {
        this.set(value());
      },
    });
  const sum = (of: (cluster: ReturnType<Clusters["all"]> extends Iterable<infer C> ? C : never) => number): number =>
    [...clusters.all()].reduce((total, cluster) => total + of(cluster), 0);
  gauge("jobs_held", "Jobs this worker holds", () => worker.held().length);
  gauge("aftercare", "Ended tries whose log or pod is still being looked after", () => aftercare.size);
  gauge("kube_requests", "Requests sent to the API servers since the start", () => sum(({ kube }) => kube.stats.requests));
  gauge("kube_retries", "Repeated requests since the start", () => sum(({ kube }) => kube.stats.retries));
  gauge("pods_cached", "Pods in the reflectors", () =>
    sum(({ reflectors }) => [...reflectors.all()].reduce((pods, { stats }) => pods + stats.pods, 0)),
  );
  measureCreates(metrics, clusters);
}

function measureCreates(metrics: Metrics, clusters: Clusters): void {
  const labelNames = ["cluster", "namespace"];
  new Gauge({
    name: "windlass_pod_creates_per_second",
    help: "How fast pods may be created while the API server says that there are too many; absent: as fast as it goes",
    labelNames,
    registers: [metrics],
    collect() {
      this.reset();
      for (const { name: cluster, kube } of clusters.all())
        for (const [namespace, { rate }] of kube.stats.creates) if (rate !== undefined) this.set({ cluster, namespace }, rate);
    },
  });
  new Gauge({
    name: "windlass_pod_creates_refused",
    help: "How often the API server said since the start that there are too many requests",
    labelNames,
    registers: [metrics],
    collect() {
      for (const { name: cluster, kube } of clusters.all())
        for (const [namespace, { refusals }] of kube.stats.creates) this.set({ cluster, namespace }, refusals);
    },
  });
}
