import { appRoutes } from "@bull-board/api/dist/routes.js";
import { Router } from "express";
import { ApiError } from "./http/api-error.ts";

/**
 * What a person may do to jobs where the board is writable: move a job that the scheduler made. Everything else is refused for
 * good, also what a later version of the board adds: a job added or edited there would be a pod nobody asked for.
 */
const ALLOWED: ReadonlySet<string> = new Set([
  "put /api/queues/pause",
  "put /api/queues/resume",
  "put /api/queues/:queueName/pause",
  "put /api/queues/:queueName/resume",
  "put /api/queues/:queueName/promote",
  "put /api/queues/:queueName/retry/:queueStatus",
  "put /api/queues/:queueName/clean/:queueStatus",
  "put /api/queues/:queueName/:jobId/retry",
  "put /api/queues/:queueName/:jobId/promote",
  "put /api/queues/:queueName/:jobId/clean",
  "patch /api/queues/:queueName/:jobId/delay",
]);

/** Stands in front of the board and matches as it does: the same patterns in the same order. Refuses with WL_BOARD_WRITE. */
export function boardGuard(writable: boolean): Router {
  const router = Router();
  for (const { method, route } of appRoutes.api) {
    for (const verb of [method].flat()) {
      if (verb === "get") continue;
      router[verb](route, (_request, _response, next) => {
        if (!writable)
          throw new ApiError("WL_BOARD_WRITE", "the board is read-only; WINDLASS_BOARD_WRITE=true lets people move jobs");
        if ([route].flat().some(pattern => !ALLOWED.has(`${verb} ${pattern}`))) throw refusal(verb, route);
        next("router");
      });
    }
  }
  router.use((request, _response, next) => {
    if (request.method !== "GET" && request.method !== "HEAD") throw refusal(request.method, request.path);
    next();
  });
  return router;
}

const refusal = (method: string, route: string | string[]): ApiError =>
  new ApiError("WL_BOARD_WRITE", `${method.toUpperCase()} ${route} is never allowed on the board`);
