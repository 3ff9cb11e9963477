import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { errorHandler as boardError } from "@bull-board/api/dist/handlers/error.js";
import { ExpressAdapter } from "@bull-board/express";
import { Router } from "express";
import { JobData } from "#queue/job-data.ts";
import type { TaskQueue } from "#queue/task-queue.ts";
import { boardGuard } from "./board-guard.ts";
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

/** Bull Board for the task queue, to be mounted at {@link BOARD_PATH}. Read-only unless `writable`. */
export function bullBoard({ bull }: Pick<TaskQueue, "bull">, { writable }: { writable: boolean }): Router {
  const adapter = new BullMQAdapter(bull, {
    readOnlyMode: !writable,
    description: "One job per task; an active job is a running pod.",
    externalJobUrl: job => ({ displayText: "Run", href: runPageOf(job) }),
  });
  adapter.setFormatter("name", jobTitle);

  const server = new ExpressAdapter();
  server.setBasePath(BOARD_PATH);
  createBullBoard({
    queues: [adapter],
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
  router.use(boardGuard(writable));
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
