import type { Redis } from "ioredis";
import { isFinal, isRunFinal } from "#core/run.ts";
import type { CustomObjects } from "#kube/custom-objects.ts";
import type { Logger } from "#runtime/logger.ts";
import type { MadeResource, ResourceLedger } from "#state/resource-ledger.ts";
import type { RunStore } from "#state/run-store.ts";

export interface ResourceSweeperDeps {
  ledger: Pick<ResourceLedger, "all" | "forget">;
  runs: Pick<RunStore, "getSummary" | "getTask">;
  objects: Pick<CustomObjects, "delete">;
  redis: Redis;
  prefix: string;
  everyMs: number;
  /** The worker that held the try has this long to delete its resource. */
  patienceMs: number;
  now(): number;
  log: Logger;
}

/** The right to sweep ends a little before the next sweep: the timers of two workers are never exactly apart. */
const TURN_SHARE = 0.95;

/** Deletes custom resources whose try is over and whose worker did not come to it. Of all workers one sweeps at a time. */
export class ResourceSweeper {
  readonly #deps: ResourceSweeperDeps;
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> = Promise.resolve();

  constructor(deps: ResourceSweeperDeps) {
    this.#deps = deps;
  }

  start(): void {
    const { everyMs, log } = this.#deps;
    this.#timer = setInterval(() => {
      this.#sweeping = this.#sweeping.then(() => this.sweep()).catch(err => log.warn({ event: "resources.sweepFailed", err }));
    }, everyMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sweeping;
  }

  async sweep(): Promise<void> {
    const { redis, prefix, everyMs, ledger, log } = this.#deps;
    const turnMs = Math.ceil(everyMs * TURN_SHARE);
    if ((await redis.set(`${prefix}:resource-sweeper`, String(process.pid), "PX", turnMs, "NX")) === null) return;
    for (const made of await ledger.all()) {
      await this.#lookAfter(made).catch(err => log.warn({ event: "resources.oneFailed", name: made.name, err }));
    }
  }

  async #lookAfter(made: MadeResource): Promise<void> {
    const { objects, ledger, log } = this.#deps;
    if (!(await this.#isOver(made))) return;
    if (!made.keep) {
      await objects.delete(made);
      log.info({ event: "resource.swept", kind: made.kind, name: made.name });
    }
    await ledger.forget(made);
  }

  /** The record is past this try, and has been so for long enough. */
  async #isOver({ runId, taskId, try: tryNumber, infra }: MadeResource): Promise<boolean> {
    const { runs, patienceMs, now } = this.#deps;
    const [run, task] = await Promise.all([runs.getSummary(runId), runs.getTask(runId, taskId)]);
    const rested = (endedAt = 0) => now() - endedAt >= patienceMs;
    if (run === undefined) return true;
    if (task === undefined) return isRunFinal(run.state) && rested(run.endedAt);
    if (task.try !== tryNumber) return task.try > tryNumber;
    return (isFinal(task.state) || task.state === "up_for_retry" || task.infra > infra) && rested(task.endedAt);
  }
}
