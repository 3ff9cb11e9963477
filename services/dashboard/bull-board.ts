import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { errorHandler as boardError } from "@bull-board/api/dist/handlers/error.js";
import { ExpressAdapter } from "@bull-board/express";
import { Router } from "express";
import { DEFAULT_QUEUE } from "#core/queue-name.ts";
import { JobData } from "#queue/job-data.ts";
import { NOTICE_QUEUE } from "#queue/notice-queue.ts";
import type { TaskQueues } from "#queue/task-queues.ts";
import { type BoardGuardOptions, boardGuard } from "./board-guard.ts";
import { isRedisAway } from "./http/redis-away.ts";
import { links } from "./links.ts";

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

/** Bull Board for all queues that were ever used, to be mounted at {@link BOARD_PATH}. Read-only unless `writable`. */
export function bullBoard({ of, names }: BoardQueues, { writable, onAct }: BoardGuardOptions): Router {
  const adapterOf = (name: string): BullMQAdapter => {
    const adapter = new BullMQAdapter(of(name).bull, {
      readOnlyMode: !writable,
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
  const router = Router();
  router.use(async (_request, _response, next) => {
    for (const name of await names()) {
      if (shown.has(name)) continue;
      shown.add(name);
      board.addQueue(adapterOf(name));
    }
    next();
  });
  router.use(boardGuard({ writable, onAct }));
  router.use(server.getRouter());
  return router;
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
