import type { Logger } from "#runtime/logger.ts";
import type { DrainStore } from "#state/drain-store.ts";
import type { TaskWorkers } from "./task-workers.ts";

export interface DrainWatchDeps {
  drains: Pick<DrainStore, "asked">;
  worker: Pick<TaskWorkers, "drain">;
  id: string;
  log: Logger;
}

/**
 * Looks whether somebody has asked this process to hand over what it holds, and does so once. It stays, shows itself as draining and takes no
 * job any more; what is started in its place is another worker.
 */
export class DrainWatch {
  readonly #deps: DrainWatchDeps;
  #draining: Promise<void> | undefined;

  constructor(deps: DrainWatchDeps) {
    this.#deps = deps;
  }

  /** @param startedAt of this process @returns whether it is draining */
  async look(startedAt: number): Promise<boolean> {
    const { drains, worker, id, log } = this.#deps;
    if (this.#draining !== undefined) return true;
    const request = await drains.asked(id);
    if (request?.startedAt !== startedAt) return false;
    log.info({ event: "worker.draining", id, by: request.by });
    this.#draining = worker.drain().catch(err => log.warn({ event: "worker.drainFailed", id, err }));
    return true;
  }
}
