import type { DagCatalog, DagFileError, PublishedDag } from "./dag-catalog.ts";

/** Where DAGs go live. Called one after the other; what rejects is tried again within seconds. */
export interface DagPublisher {
  /** A DAG is new, has another version, or has moved to another file. */
  dagChanged(dag: PublishedDag): void | Promise<void>;
  dagRemoved(dagId: string, file: string): void | Promise<void>;
  /** All mistakes there are now; [] when there is none. */
  errorsChanged(errors: readonly DagFileError[]): void | Promise<void>;
}

/** Brings a publisher up to what the catalog says, and remembers what it has taken. */
export class CatalogSync {
  readonly #publish: DagPublisher;
  readonly #signal: AbortSignal;
  readonly #onRefused: (what: string, error: unknown) => void;
  readonly #taken = new Map<string, PublishedDag>();
  #errorsTaken = "[]";

  /** @param signal publishes nothing more once it is aborted */
  constructor(publish: DagPublisher, signal: AbortSignal, onRefused: (what: string, error: unknown) => void) {
    this.#publish = publish;
    this.#signal = signal;
    this.#onRefused = onRefused;
  }

  /** @param complete whether every file was loaded; before that a DAG that is missing may only have moved */
  async sync(catalog: DagCatalog, complete: boolean): Promise<void> {
    const live = catalog.live();
    for (const [id, dag] of live) {
      const taken = this.#taken.get(id);
      if (taken?.version === dag.version && taken.file === dag.file) continue;
      await this.#try(`DAG ${id}`, async () => {
        await this.#publish.dagChanged(dag);
        this.#taken.set(id, dag);
      });
    }
    for (const [id, { file }] of complete ? [...this.#taken] : []) {
      if (live.has(id)) continue;
      await this.#try(`removal of DAG ${id}`, async () => {
        await this.#publish.dagRemoved(id, file);
        this.#taken.delete(id);
      });
    }
    const errors = catalog.errors();
    const text = JSON.stringify(errors);
    if (text === this.#errorsTaken) return;
    await this.#try("list of errors", async () => {
      await this.#publish.errorsChanged(errors);
      this.#errorsTaken = text;
    });
  }

  async #try(what: string, publish: () => Promise<void>): Promise<void> {
    if (this.#signal.aborted) return;
    try {
      await publish();
    } catch (error) {
      this.#onRefused(what, error);
    }
  }
}
