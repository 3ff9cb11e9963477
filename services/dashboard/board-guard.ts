import { appRoutes } from "@bull-board/api/dist/routes.js";
import { type Request, type RequestHandler, type Response, Router } from "express";
import { jobParts } from "#core/ids.ts";
import type { Role } from "#core/rights.ts";
import type { TaskQueues } from "#queue/task-queues.ts";
import { noteChange } from "./auth/audit-writes.ts";
import type { Caller } from "./auth/caller.ts";
import { actOnJobs, type BoardVerb, jobsIn } from "./board-acts.ts";
import { ApiError } from "./http/api-error.ts";
import type { Ports } from "./ports.ts";

interface BoardMove {
  /** What the audit calls it. */
  what: string;
  role: Role;
  /** Of tasks' jobs: asked of the leader. Absent: BullMQ does it. */
  verb?: BoardVerb;
}

const RETRY: BoardMove = { what: "board.retry", role: "operator", verb: "retry" };
const PROMOTE: BoardMove = { what: "board.promote", role: "operator", verb: "promote" };
const PAUSE: BoardMove = { what: "board.pause", role: "operator" };
const RESUME: BoardMove = { what: "board.resume", role: "operator" };
const CLEAN: BoardMove = { what: "board.clean", role: "admin" };

/**
 * What people may do to jobs: move one that the scheduler made. Everything else is refused for good, also what a later version of the board
 * adds: a job added or edited there would be a pod nobody asked for.
 */
const MOVES: ReadonlyMap<string, BoardMove> = new Map([
  ["put /api/queues/pause", PAUSE],
  ["put /api/queues/resume", RESUME],
  ["put /api/queues/:queueName/pause", PAUSE],
  ["put /api/queues/:queueName/resume", RESUME],
  ["put /api/queues/:queueName/promote", PROMOTE],
  ["put /api/queues/:queueName/retry/:queueStatus", RETRY],
  ["put /api/queues/:queueName/clean/:queueStatus", CLEAN],
  ["put /api/queues/:queueName/:jobId/retry", RETRY],
  ["put /api/queues/:queueName/:jobId/promote", PROMOTE],
  ["put /api/queues/:queueName/:jobId/clean", CLEAN],
  ["patch /api/queues/:queueName/:jobId/delay", { what: "board.delay", role: "admin" }],
]);

export interface BoardGuardDeps {
  writable: boolean;
  queues: Pick<TaskQueues, "of">;
  /** Whether the queue's jobs are tasks: those the leader moves. */
  isTaskQueue(name: string): boolean;
  callerOf(request: Request): Caller;
  ports: Ports;
}

/** Stands in front of the board and matches as it does: the same patterns in the same order. Refuses with WL_BOARD_WRITE. */
export function boardGuard(deps: BoardGuardDeps): Router {
  const router = Router();
  for (const { method, route } of appRoutes.api) {
    for (const verb of [method].flat()) {
      if (verb === "get") continue;
      const moves = [route].flat().map(pattern => MOVES.get(`${verb} ${pattern}`));
      const [move] = moves;
      router[verb](route, move === undefined || moves.includes(undefined) ? refuse(verb, route) : carryOut(move, deps));
    }
  }
  router.use((request, response, next) => {
    if (request.method === "GET" || request.method === "HEAD") return next();
    return refuse(request.method, request.path)(request, response, next);
  });
  return router;
}

const refuse =
  (method: string, route: string | string[]): RequestHandler =>
  request => {
    noteChange(request, { what: "board.refused", after: request.body });
    throw new ApiError("WL_BOARD_WRITE", `${method.toUpperCase()} ${route} is never allowed on the board`);
  };

function carryOut({ what, role, verb }: BoardMove, deps: BoardGuardDeps): RequestHandler {
  return async (request, response, next) => {
    const caller = deps.callerOf(request);
    const { queueName: queue, jobId, queueStatus: state } = request.params as Partial<Record<string, string>>;
    noteChange(request, { what });
    if (!deps.writable) throw new ApiError("WL_BOARD_WRITE", "the board is read-only: WINDLASS_BOARD_WRITE is false");
    if (!caller.may(role)) throw new ApiError("WL_FORBIDDEN", `'${caller.name}' is no ${role}`);
    if (verb === undefined || queue === undefined || !deps.isTaskQueue(queue)) {
      if (jobId !== undefined) await tellRun(jobId, what, caller.name, deps.ports);
      return next("router");
    }
    if (jobId !== undefined) return moveOne(verb, jobId, caller.name, deps.ports, response);
    const ids = await jobsIn(deps.queues, queue, state ?? "delayed");
    const tasks = await actOnJobs(verb, ids, caller.name, deps.ports);
    noteChange(request, { after: { jobs: ids.length, tasks } });
    response.status(200).json({});
  };
}

async function moveOne(verb: BoardVerb, jobId: string, by: string, ports: Ports, response: Response): Promise<void> {
  if ((await actOnJobs(verb, [jobId], by, ports)) === 0)
    throw new ApiError(
      "WL_TASK_STATE",
      `job '${jobId}' is not the present one of a task that could ${verb === "retry" ? "run again" : "start now"}`,
    );
  response.status(204).end();
}

/** What BullMQ does by itself is no act of the run: its history says it all the same. */
async function tellRun(jobId: string, type: string, by: string, { acts, now }: Ports): Promise<void> {
  const { runId, taskId, gen } = jobParts(jobId);
  // A job of another shape belongs to no run.
  if (gen > 0) await acts.record(runId, { at: now(), type, by, taskId, jobId });
}
