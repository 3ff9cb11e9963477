import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startLocalCluster } from "#localcluster/local-cluster.ts";
import { readConfig } from "#runtime/config.ts";
import { createLogger, type Logger } from "#runtime/logger.ts";
import { DashboardConfig } from "../dashboard/config.ts";
import { startDashboard } from "../dashboard/dashboard.ts";
import { SchedulerConfig } from "../scheduler/config.ts";
import { startScheduler } from "../scheduler/scheduler.ts";
import { WorkerConfig } from "../worker/config.ts";
import { startWorker } from "../worker/worker.ts";
import { ensureWeb } from "./build-web.ts";
import { findRedis } from "./redis/find-redis.ts";
import { freePort } from "./redis/redis-server.ts";

export interface DevOptions {
  /** Preferred port of the dashboard; the next free one is taken. */
  port: number;
  /** A context of the user's kubeconfig; absent: the embedded cluster. */
  kubeContext: string | undefined;
  namespace: string;
  dagsDir: string;
  dataDir: string;
  logLevel: "info" | "warn";
}

export interface DevStack {
  dashboardUrl: string;
  redis: string;
  /** Where pods run, in a phrase; the kubeconfig is for kubectl. */
  pods: string;
  kubeconfig: string | undefined;
  close(): Promise<void>;
}

/** Longer than the loading of any folder; a file that never ends its loading is shown on the pages. */
const DAGS_WITHIN_MS = 15_000;

/** Closes what was opened, last first, even if one of them fails. */
class Closers {
  readonly #list: (() => Promise<void>)[] = [];

  add(close: () => Promise<void>): void {
    this.#list.unshift(close);
  }

  async closeAll(log: Logger): Promise<void> {
    for (const close of this.#list.splice(0)) await close().catch(err => log.error({ event: "dev.closeFailed", err }));
  }
}

/** Everything of Windlass in this one process, around a Redis and a cluster. What production runs, composed by one hand. */
export async function startDevStack(options: DevOptions, say: (line: string) => void): Promise<DevStack> {
  const { kubeContext } = options;
  const dataDir = resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true });
  const log = createLogger("dev", { level: options.logLevel, pretty: true, write: line => process.stderr.write(line) });
  const closers = new Closers();
  try {
    const [redis, cluster] = await Promise.all([
      findRedis(join(dataDir, "redis"), say),
      kubeContext === undefined ? startLocalCluster({ dataDir: join(dataDir, "pods") }) : undefined,
      ensureWeb(say),
    ]);
    closers.add(redis.close);
    if (cluster) closers.add(() => cluster.close());
    const kubeconfig = cluster && join(dataDir, "kubeconfig");
    if (cluster && kubeconfig) writeFileSync(kubeconfig, cluster.kubeconfig, { mode: 0o600 });

    const env = {
      ...process.env,
      REDIS_URL: redis.url,
      WINDLASS_DAGS_DIR: options.dagsDir,
      WINDLASS_LOGS_DIR: join(dataDir, "logs"),
      WINDLASS_BUNDLES_DIR: join(dataDir, "bundles"),
      WINDLASS_NAMESPACE: options.namespace,
      WINDLASS_IMAGE_GRACE_MS: process.env.WINDLASS_IMAGE_GRACE_MS ?? (cluster ? "0" : undefined),
      // Functions of DAG files run with the node of this machine, and with the program of this checkout.
      ...(cluster
        ? { WINDLASS_FN_IMAGE: "node:24", WINDLASS_FN_ENTRY: fileURLToPath(new URL("run-fn.mjs", import.meta.url)) }
        : {}),
      WINDLASS_HEALTH_PORT: "0",
      KUBECONFIG: kubeconfig ?? process.env.KUBECONFIG,
      WINDLASS_KUBE_CONTEXT: kubeContext,
      WINDLASS_HOST: "127.0.0.1",
      WINDLASS_PORT: String(await portFrom(options.port)),
    };
    const [scheduler, worker, dashboard] = await Promise.all([
      startScheduler(readConfig(SchedulerConfig, env), log.child({ service: "scheduler" })),
      startWorker(readConfig(WorkerConfig, env), { log: log.child({ service: "worker" }) }),
      startDashboard(readConfig(DashboardConfig, env), { log: log.child({ service: "dashboard" }) }),
    ]);
    closers.add(() => scheduler.close());
    closers.add(() => worker.close());
    closers.add(() => dashboard.close());
    // Who reads that it is ready starts a run at once.
    await Promise.race([scheduler.dagsRead, sleep(DAGS_WITHIN_MS, undefined, { ref: false })]);
    return {
      dashboardUrl: dashboard.url,
      redis: redis.description,
      pods: cluster ? "local processes, no isolation (no cluster)" : `context ${kubeContext}, namespace ${options.namespace}`,
      kubeconfig,
      close: () => closers.closeAll(log),
    };
  } catch (error) {
    await closers.closeAll(log);
    throw error;
  }
}

/** The preferred port if it is free, else one of the next, else any. */
async function portFrom(preferred: number): Promise<number> {
  for (let port = preferred; port < preferred + 10; port++) if (await freePort(port)) return port;
  return freePort();
}
