import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startLocalCluster } from "#localcluster/local-cluster.ts";
import type { Family } from "#localcluster/node/images.ts";
import { openFileLogStore } from "#logstore/file-log-store.ts";
import type { LogStore } from "#logstore/log-store.ts";
import { readConfig } from "#runtime/config.ts";
import type { Logger } from "#runtime/logger.ts";
import { WorkerConfig } from "../../worker/config.ts";
import { openCluster } from "../../worker/open-cluster.ts";
import { Hooks } from "../../worker/plugins/hooks.ts";
import type { PodOperatorDeps } from "../../worker/pod-operator.ts";

export interface TestClusterOptions {
  /** A context of the user's kubeconfig; absent: an embedded cluster. */
  kubeContext: string | undefined;
  namespace: string;
  /** More images for the embedded cluster, and what each is like. */
  images: Readonly<Record<string, Family>>;
  /** Whether failures of the configuration are waited for, as a cluster that somebody may still correct deserves. */
  patient: boolean;
  log: Logger;
}

/** A cluster and what a worker needs to have pods in it, in a folder that goes with it. */
export interface TestCluster {
  pods: PodOperatorDeps;
  logs: LogStore;
  close(): Promise<void>;
}

const FUNCTION_ENTRY = fileURLToPath(new URL("../run-fn.mjs", import.meta.url));

export async function openTestCluster({
  kubeContext,
  namespace,
  images,
  patient,
  log,
}: TestClusterOptions): Promise<TestCluster> {
  const dir = await mkdtemp(join(tmpdir(), "windlass-dags-test-"));
  const local =
    kubeContext === undefined ? await startLocalCluster({ dataDir: join(dir, "pods"), images: { ...images } }) : undefined;
  const kubeconfig = join(dir, "kubeconfig");
  if (local !== undefined) await writeFile(kubeconfig, local.kubeconfig, { mode: 0o600 });
  const config = readConfig(WorkerConfig, {
    KUBECONFIG: local === undefined ? process.env.KUBECONFIG : kubeconfig,
    WINDLASS_NAMESPACE: namespace,
    // Two tests in one namespace must not take each other's pods for their own.
    WINDLASS_INSTANCE: `dags-test-${process.pid}-${Date.now().toString(36)}`,
  });
  const onError = (err: unknown) => log.warn({ event: "test.error", err });
  const cluster = await openCluster(config, { context: kubeContext, userAgent: "windlass-dags-test", onError });
  cluster.reflectors.of(namespace);
  const logs = openFileLogStore({ dir: join(dir, "logs") });
  return {
    logs,
    pods: {
      ...cluster,
      logs,
      onError,
      hooks: new Hooks({ plugins: [], log }),
      dispute: async () => undefined,
      settings: { defaultNamespace: namespace, instance: config.WINDLASS_INSTANCE, mutators: [] },
      functions: { image: local === undefined ? process.env.WINDLASS_FN_IMAGE : "node:24", entry: FUNCTION_ENTRY },
      limits: {
        schedulingTimeoutMs: config.WINDLASS_SCHEDULING_TIMEOUT_MS,
        startTimeoutMs: config.WINDLASS_START_TIMEOUT_MS,
        imageGraceMs: patient ? config.WINDLASS_IMAGE_GRACE_MS : 0,
        configGraceMs: patient ? config.WINDLASS_CONFIG_GRACE_MS : 0,
      },
      eventsEveryMs: config.WINDLASS_EVENTS_EVERY_MS,
      keep: { succeededMs: 0, failedMs: 0 },
      now: Date.now,
    },
    async close() {
      cluster.reflectors.close();
      await cluster.kube.close();
      await local?.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
