import { Router } from "express";
import { HEALTH_PATHS, type Health } from "#runtime/health.ts";

/** /livez, /readyz, /metrics and /version, for probes that have no login. */
export function healthRoutes(health: Health): Router {
  const router = Router();
  for (const path of HEALTH_PATHS) {
    router.get(path, async (request, response, next) => {
      const answer = await health.answer(request.url);
      if (answer === undefined) return next();
      response.status(answer.status).set({ "Content-Type": answer.contentType, "Cache-Control": "no-store" }).send(answer.body);
    });
  }
  return router;
}
