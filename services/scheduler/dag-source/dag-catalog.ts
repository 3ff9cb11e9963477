import type { DagSpec } from "#core/dag-spec.ts";
import type { ErrorCode } from "#core/errors.ts";

/** A DAG as it goes live. */
export interface PublishedDag {
  spec: DagSpec;
  /** Content hash of the spec without its `source` fields. */
  version: string;
  /** The file that defines it, below the DAG folder. */
  file: string;
  /** The file's text as it was when it was loaded. */
  source?: string;
}

/** A mistake in a DAG file. */
export interface DagFileError {
  /** Below the DAG folder; "." is the folder itself. */
  file: string;
  /** The DAG file that could not be loaded because of it, if it is another one. */
  importedBy?: string;
  line?: number;
  code: ErrorCode;
  message: string;
  /** When it was first seen. */
  at: number;
  /** The end of what the file wrote to stdout and stderr. */
  evidence?: string;
}

interface Entry {
  /** Of the last load that succeeded. */
  dags: readonly PublishedDag[];
  /** Of the last load. */
  error?: DagFileError;
  loadedAt: number;
}

/** What the files say: which DAGs are live, and what is wrong. A broken file keeps its last good DAGs. */
export class DagCatalog {
  readonly #files = new Map<string, Entry>();
  /** File by DAG id: who came first keeps the id as long as it defines it. */
  readonly #owners = new Map<string, string>();
  #ownersStay = false;

  /** Ends the start, in which files are loaded in no particular order and the first by name owns an id. */
  keepOwners(): void {
    this.#ownersStay = true;
  }

  /** A file was loaded. [] makes it a helper. */
  loaded(file: string, dags: readonly PublishedDag[], at: number): void {
    this.#files.set(file, { dags, loadedAt: at });
    this.#settleOwners();
  }

  /** A file could not be loaded; the mistake may be in a file that it imports. */
  failed(file: string, error: DagFileError): void {
    const { dags = [], error: before, loadedAt = error.at } = this.#files.get(file) ?? {};
    const isSame = before?.code === error.code && before.message === error.message && before.line === error.line;
    this.#files.set(file, { dags, error: isSame ? before : error, loadedAt });
  }

  /** Whether the file has good DAGs. */
  has(file: string): boolean {
    return (this.#files.get(file)?.dags.length ?? 0) > 0;
  }

  /** A file is gone, and its DAGs with it. */
  removed(file: string): void {
    this.#files.delete(file);
    this.#settleOwners();
  }

  /** The DAGs that should be live, by id. */
  live(): Map<string, PublishedDag> {
    const entries = [...this.#files.values()]
      .flatMap(entry => entry.dags)
      .filter(dag => this.#owners.get(dag.spec.id) === dag.file);
    // Reversed so that the first of two in one file wins.
    return new Map(entries.reverse().map(dag => [dag.spec.id, dag]));
  }

  /** All mistakes, by file. */
  errors(): DagFileError[] {
    const errors = [...this.#files].flatMap(([file, entry]) => [
      ...(entry.error === undefined ? [] : [entry.error]),
      ...this.#duplicates(file, entry),
    ]);
    return errors.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
  }

  #duplicates(file: string, { dags, loadedAt }: Entry): DagFileError[] {
    const seen = new Set<string>();
    return dags.flatMap(({ spec }) => {
      const owner = this.#owners.get(spec.id);
      const isFirst = owner === file && !seen.has(spec.id);
      seen.add(spec.id);
      if (isFirst) return [];
      const message =
        owner === file ? `DAG '${spec.id}' is defined twice in this file` : `DAG '${spec.id}' is already defined in ${owner}`;
      const line = spec.tasks[0]?.source?.line;
      return { file, code: "WL_DAG_DUPLICATE_ID", message, at: loadedAt, ...(line === undefined ? {} : { line }) } as const;
    });
  }

  #settleOwners(): void {
    for (const [id, owner] of this.#owners) if (!this.#ownersStay || !this.#defines(owner, id)) this.#owners.delete(id);
    for (const [file, { dags }] of [...this.#files].sort(([a], [b]) => (a < b ? -1 : 1))) {
      for (const { spec } of dags) if (!this.#owners.has(spec.id)) this.#owners.set(spec.id, file);
    }
  }

  #defines(file: string, id: string): boolean {
    return this.#files.get(file)?.dags.some(dag => dag.spec.id === id) === true;
  }
}
