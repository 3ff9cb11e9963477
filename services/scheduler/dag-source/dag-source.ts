import type { Horizon } from "#core/schedule/horizon.ts";
import type { DagPublisher } from "./catalog-sync.ts";
import type { DagFileError, PublishedDag } from "./dag-catalog.ts";
import type { LoadLimits } from "./dag-loader.ts";
import { FolderSource } from "./folder-source.ts";
import type { TickQuestions } from "./load-reply.ts";

export type { DagFileError, DagPublisher, PublishedDag };

/** As much of a logger as the source needs; pino's fits. */
interface SourceLog {
  debug(fields: object, message?: string): void;
  warn(fields: object, message?: string): void;
}

export interface DagSourceOptions {
  /** The DAG folder, or a symbolic link to it. It may come later. */
  dir: string;
  publish: DagPublisher;
  /** Closes the source. */
  signal: AbortSignal;
  log: SourceLog;
  /** A file was read without a mistake, though what it defines may be the same as before. */
  onLoaded?(file: string): void;
  /** What one file may use up. Default: 10 s, 192 MiB of heap, 64 MiB of JSON. */
  limits?: LoadLimits;
}

export interface DagSource {
  /** Every file was loaded once and published. Never rejects. */
  readonly ready: Promise<void>;
  /** Loads every file again; resolves when it is published. */
  reload(): Promise<void>;
  /**
   * The files that are there, broken ones included, as paths below the folder. Once the source is ready, a stored DAG of any other file is
   * left over from a time when nobody watched.
   */
  files(): string[];
  /**
   * Asks the timetables of the file's DAGs for ticks, by DAG id. DAGs that it does not define any more are left out.
   * @throws WindlassError as it would be shown beside the file
   */
  ask(file: string, questions: TickQuestions): Promise<Map<string, Horizon>>;
  /** Stops watching and loading. What was published stays. */
  close(): Promise<void>;
}

/** Watches a folder of DAG files and publishes what they define: a saved file is live within a second, a broken one keeps its last good DAGs. */
export function startDagSource(options: DagSourceOptions): DagSource {
  return new FolderSource(options);
}
