import type { DagFileError, DagPublisher, PublishedDag } from "./dag-source.ts";

/**
 * One publisher for several sources. A DAG id belongs to the source that came first with it as long as that defines it; what another one says of
 * it is a mistake until then.
 */
export class SharedPublisher {
  readonly #publish: DagPublisher;
  readonly #now: () => number;
  /** By DAG id, who defines it; the first of them owns it. */
  readonly #claims = new Map<string, Map<string, PublishedDag>>();
  readonly #errors = new Map<string, readonly DagFileError[]>();

  constructor(publish: DagPublisher, now: () => number = Date.now) {
    this.#publish = publish;
    this.#now = now;
  }

  /**
   * What one source publishes to.
   * @param nameOf what the source's file is called beside those of the others
   */
  for(source: string, nameOf: (file: string) => string): DagPublisher {
    const named = (error: DagFileError): DagFileError => ({
      ...error,
      file: nameOf(error.file),
      ...(error.importedBy === undefined ? {} : { importedBy: nameOf(error.importedBy) }),
    });
    return {
      dagChanged: dag => this.#changed(source, { ...dag, file: nameOf(dag.file) }),
      dagRemoved: dagId => this.#removed(source, dagId),
      errorsChanged: errors => {
        this.#errors.set(source, errors.map(named));
        return this.#publishErrors();
      },
    };
  }

  /** The source is closed: what it defined goes. */
  async drop(source: string): Promise<void> {
    for (const [dagId, claims] of this.#claims) if (claims.has(source)) await this.#removed(source, dagId);
    this.#errors.delete(source);
    await this.#publishErrors();
  }

  async #changed(source: string, dag: PublishedDag): Promise<void> {
    const claims = this.#claims.get(dag.spec.id) ?? new Map<string, PublishedDag>();
    this.#claims.set(dag.spec.id, claims);
    claims.set(source, dag);
    const [owner] = claims.keys();
    if (owner === source) await this.#publish.dagChanged(dag);
    else await this.#publishErrors();
  }

  async #removed(source: string, dagId: string): Promise<void> {
    const claims = this.#claims.get(dagId);
    const [owner] = claims?.keys() ?? [];
    const dag = claims?.get(source);
    claims?.delete(source);
    if (claims === undefined || dag === undefined) return;
    if (owner === source) {
      const [heir] = claims.values();
      if (heir === undefined) await this.#publish.dagRemoved(dagId, dag.file);
      else await this.#publish.dagChanged(heir);
    }
    if (claims.size === 0) this.#claims.delete(dagId);
    await this.#publishErrors();
  }

  async #publishErrors(): Promise<void> {
    const duplicates = [...this.#claims].flatMap(([dagId, claims]) => {
      const [owner, ...others] = claims.values();
      return others.map(({ file }): DagFileError => {
        const message = `DAG '${dagId}' is already defined in ${owner!.file}`;
        return { file, code: "WL_DAG_DUPLICATE_ID", message, at: this.#now() };
      });
    });
    await this.#publish.errorsChanged([...[...this.#errors.values()].flat(), ...duplicates]);
  }
}
