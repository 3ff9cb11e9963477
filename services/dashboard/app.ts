import express, { type Express } from "express";
import helmet from "helmet";
import type { Health } from "#runtime/health.ts";
import type { Logger } from "#runtime/logger.ts";
import type { Metrics } from "#runtime/metrics.ts";
import type { RateStore } from "#state/rate-store.ts";
import type { SessionStore } from "#state/session-store.ts";
import { mountAirflow } from "./airflow/mount-airflow.ts";
import { publicRoutes } from "./airflow/public-routes.ts";
import type { AuthSettings } from "./auth/auth-settings.ts";
import { callerReader } from "./auth/caller.ts";
import { guard } from "./auth/guard.ts";
import { isListed } from "./auth/trusted-addresses.ts";
import { BOARD_PATH, type BoardQueues, bullBoard } from "./bull-board.ts";
import { healthRoutes } from "./health-routes.ts";
import { ApiError } from "./http/api-error.ts";
import { mount } from "./http/mount.ts";
import { observe } from "./http/observe.ts";
import { answerProblem, unknownRoute } from "./http/problem.ts";
import { assignRequestId } from "./http/request-id.ts";
import { docsRoutes } from "./openapi/docs-routes.ts";
import { publicAssets } from "./page/public-assets.ts";
import type { Ports } from "./ports.ts";
import { routes } from "./routes/index.ts";
import { webFiles } from "./web-files.ts";

export interface AppParts {
  ports: Ports;
  queues: BoardQueues;
  boardWritable: boolean;
  auth: AuthSettings;
  sessions: SessionStore;
  rates: RateStore;
  health: Health;
  metrics: Metrics;
  log: Logger;
  /** Whether Redis can be asked now; the board would wait for it. */
  isRedisHere: () => boolean;
  /** Ends open streams. */
  stopping: AbortSignal;
}

/** The dashboard without a socket: what is asked in which order. */
export function createApp({
  ports,
  queues,
  boardWritable,
  auth,
  sessions,
  rates,
  health,
  metrics,
  log,
  isRedisHere,
  stopping,
}: AppParts): Express {
  const app = express();
  app.disable("etag");
  app.set("query parser", "simple");
  const { proxies } = auth;
  app.set("trust proxy", proxies === undefined ? false : (address: string) => isListed(proxies, address));

  app.use(assignRequestId, observe(log, metrics), securityHeaders);
  app.use(healthRoutes(health));
  app.use(publicAssets());
  const { audit, tokens, users, logins, now } = ports;
  app.use(publicRoutes(ports));
  app.use(guard({ settings: auth, audit, rates, sessions, tokens, users, limit: logins, log, now }));

  mount(app, routes, ports, stopping);
  mountAirflow(app, ports, stopping);
  app.use(docsRoutes(routes));
  const readCaller = callerReader(ports.dags, now);
  app.use(BOARD_PATH, (_request, _response, next) => {
    if (!isRedisHere()) throw new ApiError("WL_REDIS_AWAY", "Redis does not answer", { headers: { "Retry-After": "1" } });
    next();
  });
  app.use(BOARD_PATH, bullBoard(queues, { writable: boardWritable, readCaller, ports }));

  app.use(webFiles());
  app.use(unknownRoute);
  app.use(answerProblem(log));
  return app;
}

/** Nothing is loaded from, sent to or framed by another origin. TLS, and its headers, are the ingress' matter. */
const securityHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      fontSrc: ["'self'"],
      imgSrc: ["'self'", "data:"],
      connectSrc: ["'self'"],
      objectSrc: ["'none'"],
      baseUri: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  strictTransportSecurity: false,
});
