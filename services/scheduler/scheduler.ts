import { join } from "node:path";
import { labelValue } from "#core/ids.ts";
import { openNoticeQueue } from "#queue/notice-queue.ts";
import { openTaskQueues } from "#queue/task-queues.ts";
import { startHealthServer } from "#runtime/health-server.ts";
import { createLogger, type Logger } from "#runtime/logger.ts";
import { createMetrics, Gauge } from "#runtime/metrics.ts";
import { openRedis } from "#state/redis.ts";
import { openState } from "#state/state.ts";
import { BundleFolders } from "./bundles/bundle-folders.ts";
import { followBundles } from "./bundles/follow-bundles.ts";
import type { SchedulerConfig } from "./config.ts";
import { lead } from "./leader.ts";
import { competeForLeadership } from "./leadership.ts";

export interface SchedulerHandle {
  /** Where the health server answers. */
  url: string;
  isLeader(): boolean;
  /** Resolves once this scheduler leads and has read every DAG file. */
  readonly dagsRead: Promise<void>;
  close(): Promise<void>;
}

/** Starts a scheduler: it competes for the lease, and leads while it holds it. Any number may run; one leads. */
export async function startScheduler(
  config: SchedulerConfig,
  log: Logger = createLogger("scheduler", { level: config.WINDLASS_LOG_LEVEL }),
): Promise<SchedulerHandle> {
  const onError = (err: Error) => log.warn({ event: "redis.error", err });
  const redis = openRedis(config.REDIS_URL, { role: "client", name: "scheduler", onError });
  const blocking = openRedis(config.REDIS_URL, { role: "blocking", name: "scheduler-inbox", onError });
  const state = openState(redis, config.WINDLASS_PREFIX, { retentionMs: config.WINDLASS_RETENTION_MS });
  const onQueueError = (err: unknown) => log.warn({ event: "queue.error", err });
  const carrier = { connection: redis, prefix: config.WINDLASS_PREFIX, onError: onQueueError };
  const queue = openTaskQueues({ ...carrier, onOpened: name => void state.queues.note([name]).catch(onQueueError) });
  const notices = openNoticeQueue(carrier);

  let leading = false;
  const dagsRead = Promise.withResolvers<void>();
  let liveRuns = () => 0;
  const metrics = createMetrics("scheduler");
  new Gauge({
    name: "windlass_leader",
    help: "1 while this scheduler leads",
    registers: [metrics],
    collect() {
      this.set(leading ? 1 : 0);
    },
  });
  new Gauge({
    name: "windlass_live_runs",
    help: "Runs in the leader's memory",
    registers: [metrics],
    collect() {
      this.set(leading ? liveRuns() : 0);
    },
  });
  const health = await startHealthServer({
    service: "scheduler",
    host: config.WINDLASS_HEALTH_HOST,
    port: config.WINDLASS_HEALTH_PORT,
    metrics,
    checks: { redis: async () => void (await redis.ping()), role: async () => (leading ? "leader" : "standby") },
  });

  // Installations that share a disk do not clear away each other's bundles.
  const bundles = new BundleFolders(join(config.WINDLASS_BUNDLES_DIR, labelValue(config.WINDLASS_PREFIX)));
  const stopBundles = followBundles(state.bundles, bundles, log);
  const stop = new AbortController();
  const competing = competeForLeadership(
    {
      id: `${config.WINDLASS_SCHEDULER_ID}-${process.pid}`,
      lease: state.leader,
      ttlMs: config.WINDLASS_LEASE_MS,
      log,
      async lead(token, signal) {
        leading = true;
        try {
          const { WINDLASS_DAGS_DIR: dagsDir, WINDLASS_RECONCILE_MS: reconcileMs } = config;
          await lead(
            {
              state,
              queue,
              notices,
              redis,
              blocking,
              dagsDir,
              bundles,
              reconcileMs,
              archiveAfterMs: config.WINDLASS_ARCHIVE_AFTER_MS,
              keepRuns: config.WINDLASS_RETENTION_RUNS,
              now: Date.now,
              log,
              onDagsRead: dagsRead.resolve,
              onLive: count => {
                liveRuns = count;
              },
            },
            token,
            signal,
          );
        } finally {
          leading = false;
        }
      },
    },
    stop.signal,
  );

  return {
    url: health.url,
    isLeader: () => leading,
    dagsRead: dagsRead.promise,
    async close() {
      stop.abort();
      await Promise.all([competing, stopBundles()]);
      await health.close();
      await Promise.all([queue.close(), notices.close()]);
      redis.disconnect();
      blocking.disconnect();
    },
  };
}
