import type { Redis } from "ioredis";
import type { LogStore } from "#logstore/log-store.ts";
import type { Logger } from "#runtime/logger.ts";
import type { LogIndex } from "#state/log-index.ts";

export interface LogSweeperDeps {
  logs: LogStore | undefined;
  index: LogIndex;
  redis: Redis;
  prefix: string;
  /** Time between two sweeps of all workers together. */
  everyMs: number;
  log: Logger;
}

/** The right to sweep ends a little before the next sweep: the timers of two workers are never exactly apart. */
const TURN_SHARE = 0.95;

/** Removes the logs of runs whose retention has passed, a page of the index at a time; of all workers one sweeps at a time. */
export class LogSweeper {
  readonly #deps: LogSweeperDeps;
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> = Promise.resolve();
  #next = 0;

  constructor(deps: LogSweeperDeps) {
    this.#deps = deps;
  }

  start(): void {
    const { logs, everyMs, log } = this.#deps;
    if (logs === undefined) return;
    this.#timer = setInterval(() => {
      this.#sweeping = this.#sweeping.then(() => this.sweep()).catch(err => log.warn({ event: "logs.sweepFailed", err }));
    }, everyMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sweeping;
  }

  /** Looks at the next page. A run whose logs cannot be removed comes again with the next round. */
  async sweep(): Promise<void> {
    const { logs, index, redis, prefix, everyMs, log } = this.#deps;
    const turnMs = Math.ceil(everyMs * TURN_SHARE);
    if ((await redis.set(`${prefix}:log-sweep`, String(process.pid), "PX", turnMs, "NX")) === null) return;
    const { runIds, next } = await index.expired(this.#next);
    this.#next = next;
    for (const runId of runIds) {
      await logs?.remove(runId);
      await index.forget([runId]);
      log.info({ event: "logs.removed", runId });
    }
  }
}

/** Runs whose note need not be repeated by this process. */
const MOST_NOTED = 10_000;

/** The store, with every run that gets a log noted in the index before its first line is written. */
export function notingRuns(store: LogStore, index: Pick<LogIndex, "note">, now: () => number): LogStore {
  const noted = new Set<string>();
  return {
    ...store,
    async openWriter(ref) {
      if (!noted.has(ref.runId)) {
        await index.note(ref.runId, now());
        if (noted.size >= MOST_NOTED) noted.clear();
        noted.add(ref.runId);
      }
      return store.openWriter(ref);
    },
  };
}
