import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { openLogStore } from "#logstore/log-settings.ts";
import { noLogStore } from "#logstore/no-log-store.ts";
import { openTaskQueues } from "#queue/task-queues.ts";
import { describeSettings } from "#runtime/describe-settings.ts";
import { createHealth } from "#runtime/health.ts";
import { createLogger, type Logger } from "#runtime/logger.ts";
import { createMetrics } from "#runtime/metrics.ts";
import { openRedis } from "#state/redis.ts";
import { openState } from "#state/state.ts";
import { createApp } from "./app.ts";
import { announceSetup } from "./auth/announce-setup.ts";
import { assertGuarded, authOf } from "./auth/auth-settings.ts";
import { loginLimit } from "./auth/login-limit.ts";
import { DashboardConfig } from "./config.ts";
import { refuseBroken } from "./http/refuse-broken.ts";
import { LastGood } from "./last-good.ts";
import { openLayouts } from "./layout/layouts.ts";
import { openLiveHub } from "./live/open-live-hub.ts";
import { openLogLines } from "./log-lines/log-lines.ts";
import { openOverview } from "./overview/overview.ts";

export interface Dashboard {
  url: string;
  /** Takes no new request, ends followed logs, and waits up to a second for answers under way. May be called twice. */
  close(): Promise<void>;
}

const CONNECT_WITHIN_MS = 1_000;
const CLOSE_WITHIN_MS = 1_000;

/**
 * Starts API, pages and Bull Board. Starts without Redis as well: requests are answered 503 until it is there.
 * @throws {WindlassError} WL_CONFIG when it would listen beyond this machine without a login
 */
export async function startDashboard(
  config: DashboardConfig,
  { log = createLogger("dashboard", { level: config.WINDLASS_LOG_LEVEL }) }: { log?: Logger } = {},
): Promise<Dashboard> {
  const auth = authOf(config);
  assertGuarded(config.WINDLASS_HOST, auth);

  const onError = (err: Error) => log.warn({ event: "redis.error", err });
  const onNotReady = () =>
    log.warn({ event: "redis.away" }, "starting without Redis; requests are answered 503 until it is there");
  const redis = openRedis(config.REDIS_URL, { role: "fast-fail", name: "dashboard", onError });
  const state = openState(redis, config.WINDLASS_PREFIX);
  const queues = openTaskQueues({ connection: redis, prefix: config.WINDLASS_PREFIX });
  const logs = openLogStore(config) ?? noLogStore;
  const metrics = createMetrics("dashboard");
  const live = openLiveHub({ redisUrl: config.REDIS_URL, state, metrics, log });
  const stopping = new AbortController();
  const overview = openOverview({
    ...{ dags: state.dags, runs: state.runs, live: state.leader, horizons: state.horizons, events: state.events },
    ...{ workers: state.claims, now: Date.now },
    queues: { names: () => state.queues.list(), of: queues.of },
    environment: config.WINDLASS_ENVIRONMENT,
  });

  const app = createApp({
    ports: {
      dags: state.dags,
      runs: state.runs,
      acts: state.acts,
      marks: state.marks,
      horizons: state.horizons,
      backfills: state.backfills,
      bundles: state.bundles,
      assets: state.assets,
      approvals: state.approvals,
      startJob: job => queues.promote(job),
      workers: state.claims,
      overview,
      pools: state.pools,
      replies: state.replies,
      queues: { names: () => state.queues.list(), of: queues.of },
      drains: state.drains,
      podSettings: state.podSettings,
      lastGood: new LastGood(Date.now),
      settings: describeSettings(DashboardConfig, config),
      live: state.leader,
      variables: state.variables,
      cells: state.cells,
      logLines: openLogLines(logs),
      layouts: openLayouts({
        dags: state.dags,
        onFailure: (version, err) => log.warn({ event: "layout.failed", version, err }, "drawing the DAG in the simple way"),
      }),
      watchers: live.hub,
      audit: state.audit,
      tokens: state.tokens,
      users: state.users,
      sessions: state.sessions,
      logins: loginLimit(state.rates, Date.now),
      logs,
      // A store has the log itself.
      logLink: logs === noLogStore ? config.WINDLASS_LOG_LINK : undefined,
      runOverrides: new Set(config.WINDLASS_RUN_OVERRIDES),
      now: Date.now,
      chance: () => randomBytes(3).toString("hex"),
    },
    queues: { of: queues.of, names: () => state.queues.list() },
    boardWritable: config.WINDLASS_BOARD_WRITE,
    auth,
    sessions: state.sessions,
    rates: state.rates,
    health: createHealth({ service: "dashboard", metrics, checks: { redis: async () => void (await redis.ping()) } }),
    metrics,
    log,
    isRedisHere: () => redis.status === "ready",
    stopping: stopping.signal,
  });

  const server = createServer(app);
  refuseBroken(server);
  const release = async () => {
    live.close();
    await queues.close();
    redis.disconnect();
  };
  try {
    // Requests that meet the first connection still under way would be refused. Without Redis the dashboard starts all the same.
    await once(redis, "ready", { signal: AbortSignal.timeout(CONNECT_WITHIN_MS) }).catch(onNotReady);
    server.listen(config.WINDLASS_PORT, config.WINDLASS_HOST);
    await once(server, "listening");
    void overview
      .warmUp()
      .catch(err => log.info({ event: "overview.cold", err }, "the first look at the start page will be slower"));
  } catch (error) {
    await release();
    throw error;
  }
  const url = urlOf(server.address() as AddressInfo);
  if (auth.modes.has("password")) {
    const announce = () =>
      announceSetup(state.users, auth.baseUrl ?? url, log).catch(err => log.error({ event: "login.setupFailed", err }));
    if (redis.status === "ready") await announce();
    else redis.once("ready", announce);
  }
  let closing: Promise<void> | undefined;
  return {
    url,
    close() {
      closing ??= (async () => {
        stopping.abort();
        live.close();
        await closeServer(server);
        await release();
      })();
      return closing;
    },
  };
}

function urlOf({ address, port, family }: AddressInfo): string {
  const wide = address === "0.0.0.0" || address === "::";
  const host = wide ? "localhost" : family === "IPv6" ? `[${address}]` : address;
  return `http://${host}:${port}`;
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  // A kept-alive connection that was answering just now becomes idle after close() has looked for idle ones.
  const sweep = setInterval(() => server.closeIdleConnections(), CLOSE_WITHIN_MS / 20);
  const late = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(late);
}
