import type { Logger } from "#runtime/logger.ts";
import type { DagStore } from "#state/dag-store.ts";
import type { LeaderStore } from "#state/leader-store.ts";

export interface ArchivistDeps {
  store: Pick<LeaderStore, "endedBefore" | "archive" | "surplus" | "countRuns" | "forget">;
  /** The DAGs that may have runs. */
  dagIds(): Promise<readonly string[]>;
  dags: Pick<DagStore, "forgetting" | "forgetDag">;
  token: string;
  /** How long an ended run stays laid out: people look at it now, and workers may still have a word to say. */
  archiveAfterMs: number;
  /** The youngest runs of a DAG that are kept; absent: all, until their time is over. */
  keepRuns: number | undefined;
  now(): number;
  log: Logger;
}

/** Runs looked at in one pass: the next one comes soon. */
const BATCH = 200;
const LONGEST_PAUSE_MS = 30_000;
const SHORTEST_PAUSE_MS = 200;

/** Looks after runs that have ended: makes one value of each, and removes those that are too many. What is too old leaves by itself. */
export class Archivist {
  readonly #deps: ArchivistDeps;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(deps: ArchivistDeps) {
    this.#deps = deps;
  }

  start(): void {
    const pauseMs = Math.min(Math.max(this.#deps.archiveAfterMs / 2, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
    this.#timer = setTimeout(() => {
      this.#working = this.pass()
        // Redis away, or a run that cannot be read: the next pass looks again.
        .catch(err => this.#deps.log.warn({ event: "archive.failed", err }))
        .then(() => {
          if (!this.#stopped) this.start();
        });
    }, pauseMs);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#working;
  }

  /** One look at everything that is due. */
  async pass(): Promise<void> {
    const { store, token, archiveAfterMs, now, log } = this.#deps;
    let archived = 0;
    for (const runId of await store.endedBefore(now() - archiveAfterMs, BATCH)) {
      if (this.#stopped) return;
      if (await store.archive(token, runId)) archived++;
    }
    if (archived > 0) log.debug({ event: "archive.done", runs: archived });
    await this.#removeSurplus();
    await this.#forgetDags();
  }

  /** DAGs whose file is gone and whose history somebody has removed. A run that goes on keeps its DAG until it has ended. */
  async #forgetDags(): Promise<void> {
    const { store, dags, token, log } = this.#deps;
    for (const dagId of await dags.forgetting()) {
      const ids = await store.surplus(dagId, 0, BATCH);
      for (const id of ids) await store.forget(token, { id, dagId });
      const isBare = ids.length === 0 && (await store.countRuns(dagId)) === 0;
      if (isBare) await dags.forgetDag(dagId);
      log.info({ event: "archive.forgotten", dagId, runs: ids.length, isBare });
    }
  }

  async #removeSurplus(): Promise<void> {
    const { store, token, dagIds, keepRuns, log } = this.#deps;
    if (keepRuns === undefined) return;
    for (const dagId of await dagIds()) {
      const ids = await store.surplus(dagId, keepRuns, BATCH);
      for (const id of ids) await store.forget(token, { id, dagId });
      if (ids.length > 0) log.info({ event: "archive.removed", dagId, runs: ids.length });
    }
  }
}
