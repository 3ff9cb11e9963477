import type { RequestHandler } from "express";
import type { Logger } from "#runtime/logger.ts";
import { Histogram, type Metrics } from "#runtime/metrics.ts";
import { nameOf } from "../auth/identity.ts";
import { requestIdOf } from "./request-id.ts";

/** Counts and times every request by route, and logs it: writes at info, reads at debug. */
export function observe(log: Logger, metrics: Metrics): RequestHandler {
  const seconds = new Histogram({
    name: "windlass_http_request_seconds",
    help: "Time from request to the end of the answer.",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [metrics],
  });
  return (request, response, next) => {
    const startedAt = performance.now();
    response.once("close", () => {
      const tookMs = performance.now() - startedAt;
      const { method } = request;
      const { statusCode: status } = response;
      // Paths hold ids without bound; only a route's pattern may become a label.
      const route = typeof request.route?.path === "string" ? request.route.path : "other";
      seconds.observe({ method, route, status }, tookMs / 1_000);
      const level = method === "GET" || method === "HEAD" ? "debug" : "info";
      const [path] = request.originalUrl.split("?", 1);
      log[level](
        {
          event: "http.answered",
          requestId: requestIdOf(request),
          by: nameOf(request),
          method,
          path,
          status,
          tookMs: Math.round(tookMs),
        },
        "answered",
      );
    });
    next();
  };
}
