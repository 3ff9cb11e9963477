import express, { type Express } from "express";
import helmet from "helmet";
import type { Health } from "#runtime/health.ts";
import type { Logger } from "#runtime/logger.ts";
import type { Metrics } from "#runtime/metrics.ts";
import { type AuthSettings, requireCaller } from "./auth.ts";
import { boardAudit, jobsOf } from "./board-audit.ts";
import { BOARD_PATH, type BoardQueues, bullBoard } from "./bull-board.ts";
import { healthRoutes } from "./health-routes.ts";
import { ApiError } from "./http/api-error.ts";
import { mount } from "./http/mount.ts";
import { observe } from "./http/observe.ts";
import { answerProblem, explainProblem, unknownRoute } from "./http/problem.ts";
import { assignRequestId } from "./http/request-id.ts";
import type { Ports } from "./ports.ts";
import { routes } from "./routes/index.ts";
import { refuseForeignWrites } from "./same-origin.ts";
import { webFiles } from "./web-files.ts";

export interface AppParts {
  ports: Ports;
  queues: BoardQueues;
  boardWritable: boolean;
  auth: AuthSettings;
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
  health,
  metrics,
  log,
  isRedisHere,
  stopping,
}: AppParts): Express {
  const app = express();
  app.disable("etag");
  app.set("query parser", "simple");

  app.use(assignRequestId, observe(log, metrics), securityHeaders);
  app.use(healthRoutes(health));
  app.use(requireCaller(auth), refuseForeignWrites);

  mount(app, routes, ports, stopping);
  app.get("/problems/:code", explainProblem);
  app.use(BOARD_PATH, (_request, _response, next) => {
    if (!isRedisHere()) throw new ApiError("WL_REDIS_AWAY", "Redis does not answer", { headers: { "Retry-After": "1" } });
    next();
  });
  const { acts, now } = ports;
  const onAct = boardAudit({ acts, now, jobsIn: jobsOf(queues) });
  app.use(BOARD_PATH, bullBoard(queues, { writable: boardWritable, onAct }));

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
