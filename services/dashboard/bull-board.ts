import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { errorHandler as boardError } from "@bull-board/api/dist/handlers/error.js";
import { ExpressAdapter } from "@bull-board/express";
import { type Express, type Request, Router } from "express";
import { WindlassError } from "#core/errors.ts";
import { DEFAULT_QUEUE } from "#core/queue-name.ts";
import { JobData } from "#queue/job-data.ts";
import { NOTICE_QUEUE } from "#queue/notice-queue.ts";
import type { TaskQueues } from "#queue/task-queues.ts";
import type { Caller, CallerReader } from "./auth/caller.ts";
import { identityOf } from "./auth/identity.ts";
import { boardGuard } from "./board-guard.ts";
import { ApiError } from "./http/api-error.ts";
import { isRedisAway } from "./http/redis-away.ts";
import { links } from "./links.ts";
import type { Ports } from "./ports.ts";

export const BOARD_PATH = "/queues";

/** A job as the adapter hands it to formatters and links. */
interface ShownJob {
  id?: string | number | null | undefined;
  name: string;
  data: unknown;
  opts?: { attempts?: number };
  attemptsMade?: number;
  finishedOn?: number | null;
}

/** The queues that a board shows. */
export interface BoardQueues {
  of: TaskQueues["of"];
  /** Names of those that were used. */
  names(): Promise<readonly string[]>;
}

export interface BoardOptions {
  /** false: read-only for everybody. */
  writable: boolean;
  readCaller: CallerReader;
  ports: Ports;
}

/**
 * Bull Board for all queues that were ever used, to be mounted at {@link BOARD_PATH}. It shows jobs of all DAGs: only who may read them all is
 * let in. Who may move jobs sees the buttons for it.
 */
export function bullBoard(queues: BoardQueues, { writable, readCaller, ports }: BoardOptions): Router {
  const boards = { readOnly: boardOf(queues, true), writable: boardOf(queues, false) };
  const callers = new WeakMap<Request, Caller>();
  const callerOf = (request: Request): Caller => callers.get(request)!;
  const router = Router();
  router.use(async (request, _response, next) => {
    const identity = identityOf(request);
    if (identity === undefined) throw new ApiError("WL_AUTH", "nobody is logged in");
    const caller = await readCaller(identity, "viewer");
    if (!caller.mayRead()) throw new ApiError("WL_FORBIDDEN", "the board shows the jobs of all DAGs");
    callers.set(request, caller);
    const names = await queues.names();
    for (const board of Object.values(boards)) board.show(names);
    next();
  });
  router.use(boardGuard({ writable, queues, isTaskQueue: name => name !== NOTICE_QUEUE, callerOf, ports }));
  router.use((request, response, next) => {
    const board = writable && callerOf(request).may("operator") ? boards.writable : boards.readOnly;
    board.router(request, response, next);
  });
  return router;
}

interface Board {
  router: Router;
  /** Shows these queues, too. */
  show(names: readonly string[]): void;
}

function boardOf({ of }: BoardQueues, readOnlyMode: boolean): Board {
  const adapterOf = (name: string): BullMQAdapter => {
    const adapter = new BullMQAdapter(of(name).bull, {
      readOnlyMode,
      description: name === NOTICE_QUEUE ? "One job per notice." : "One job per task; an active job is a running pod.",
      externalJobUrl: job => ({ displayText: "Run", href: runPageOf(job) }),
    });
    adapter.setFormatter("name", jobTitle);
    return adapter;
  };
  const shown = new Set([DEFAULT_QUEUE, NOTICE_QUEUE]);

  const server = new ExpressAdapter();
  server.setBasePath(BOARD_PATH);
  const board = createBullBoard({
    queues: [...shown].map(adapterOf),
    serverAdapter: server,
    options: {
      uiConfig: {
        boardTitle: "Windlass queues",
        miscLinks: [{ text: "Runs", url: "/" }],
        hideDocsLink: true,
        pollingInterval: { forceInterval: 5 },
        // Its own fonts would come from the internet.
        theme: { light: { "font-sans": SANS, "font-mono": MONO }, dark: { "font-sans": SANS, "font-mono": MONO } },
      },
    },
  });
  // The board would call an outage a defect of its own.
  server.setErrorHandler(error => {
    if (isRedisAway(error)) throw error;
    return boardError(error);
  });
  const app = server.getRouter() as Express;
  withoutForeignLinks(app);
  return {
    router: app,
    show(names) {
      for (const name of names) {
        if (shown.has(name)) continue;
        shown.add(name);
        board.addQueue(adapterOf(name));
      }
    },
  };
}

type Engine = (path: string, options: object, done: (error: unknown, html?: string) => void) => void;

/** The board's page asks another origin for its fonts, which our policy would refuse, and the browser's console would tell of it. */
function withoutForeignLinks(app: Express): void {
  const { engines } = app as unknown as { engines: Readonly<Record<string, Engine>> };
  const render = engines[".ejs"];
  if (render === undefined) throw new WindlassError("WL_INTERNAL", "Bull Board renders its page with something else than ejs");
  app.engine("ejs", (path, options, done) =>
    render(path, options, (error, html) => done(error, html?.replace(/<link[^>]+href="https?:[^>]*>/g, ""))),
  );
}

const SANS = "system-ui, sans-serif";
const MONO = "ui-monospace, monospace";

/** "dag.task [run try/max]". A job of unknown shape keeps its name: the board shows whatever lies in the queue. */
function jobTitle(job: ShownJob): string {
  const parsed = JobData.safeParse(job.data);
  if (!parsed.success) return job.name;
  const { dag, task, run, tryBase } = parsed.data;
  // BullMQ counts a try when it ends: of a job that goes on, the next one is meant.
  const tryNumber = tryBase + (job.attemptsMade ?? 0) + (job.finishedOn ? 0 : 1);
  const maxTries = Math.max(tryBase + (job.opts?.attempts ?? 1), tryNumber);
  return `${dag}.${task} [${run} ${tryNumber}/${maxTries}]`;
}

/** Built from our own paths: a link out of job data could lead anywhere. */
function runPageOf(job: ShownJob): string {
  const parsed = JobData.safeParse(job.data);
  return parsed.success ? links.runPage(parsed.data.run) : "/";
}
