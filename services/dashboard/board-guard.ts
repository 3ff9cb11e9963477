import { appRoutes } from "@bull-board/api/dist/routes.js";
import { type Request, Router } from "express";
import { callerOf } from "./auth.ts";
import type { BoardAct } from "./board-audit.ts";
import { ApiError } from "./http/api-error.ts";

/**
 * What a person may do to jobs where the board is writable: move a job that the scheduler made. Everything else is refused for
 * good, also what a later version of the board adds: a job added or edited there would be a pod nobody asked for. The value is what the
 * history calls it.
 */
const ALLOWED: ReadonlyMap<string, string> = new Map([
  ["put /api/queues/pause", "board.pause"],
  ["put /api/queues/resume", "board.resume"],
  ["put /api/queues/:queueName/pause", "board.pause"],
  ["put /api/queues/:queueName/resume", "board.resume"],
  ["put /api/queues/:queueName/promote", "board.promote"],
  ["put /api/queues/:queueName/retry/:queueStatus", "board.retry"],
  ["put /api/queues/:queueName/clean/:queueStatus", "board.clean"],
  ["put /api/queues/:queueName/:jobId/retry", "board.retry"],
  ["put /api/queues/:queueName/:jobId/promote", "board.promote"],
  ["put /api/queues/:queueName/:jobId/clean", "board.clean"],
  ["patch /api/queues/:queueName/:jobId/delay", "board.delay"],
]);

export interface BoardGuardOptions {
  writable: boolean;
  /** Hears of every act before it is done. */
  onAct(act: BoardAct): Promise<void>;
}

/** Stands in front of the board and matches as it does: the same patterns in the same order. Refuses with WL_BOARD_WRITE. */
export function boardGuard({ writable, onAct }: BoardGuardOptions): Router {
  const router = Router();
  for (const { method, route } of appRoutes.api) {
    for (const verb of [method].flat()) {
      if (verb === "get") continue;
      router[verb](route, async (request: Request, _response, next) => {
        if (!writable)
          throw new ApiError("WL_BOARD_WRITE", "the board is read-only; WINDLASS_BOARD_WRITE=true lets people move jobs");
        const types = [route].flat().map(pattern => ALLOWED.get(`${verb} ${pattern}`));
        const type = types[0];
        if (type === undefined || types.includes(undefined)) throw refusal(verb, route);
        await onAct(actOf(type, request));
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

function actOf(type: string, request: Request): BoardAct {
  const { queueName: queue, jobId, queueStatus } = request.params as Partial<Record<string, string>>;
  const state = type === "board.promote" ? "delayed" : queueStatus;
  return {
    by: callerOf(request),
    type,
    ...(queue === undefined ? {} : { queue }),
    ...(jobId === undefined ? {} : { jobId }),
    ...(state === undefined ? {} : { state }),
    request: `${request.method} ${request.path}`,
  };
}

const refusal = (method: string, route: string | string[]): ApiError =>
  new ApiError("WL_BOARD_WRITE", `${method.toUpperCase()} ${route} is never allowed on the board`);
