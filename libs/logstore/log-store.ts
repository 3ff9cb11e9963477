import type { LogLine } from "./log-line.ts";

/** One log: a container of one try of a task. */
export interface LogRef {
  runId: string;
  taskId: string;
  try: number;
  /** How often infrastructure restarted the try; each restart has a pod and a log of its own. Default 0. */
  infra?: number;
  /** Default "main". */
  container?: string;
}

/** A log that exists. */
export interface LogInfo {
  try: number;
  infra: number;
  container: string;
  /** How long it is, with what was left out of its middle. */
  sizeBytes: number;
  /** The writer closed it: nothing follows. */
  ended: boolean;
}

export interface LogWriter {
  /**
   * What an earlier writer of this log left, newest last: every line stamped within 3 s of the newest stamp. A follower that
   * resumes at a whole second drops these from what the cluster sends again. Empty for a new log. Read it before the first write.
   */
  readonly lastLines: AsyncIterable<LogLine>;
  /** Aborted when another writer was found to have opened this log since: what is written here is no longer kept. */
  readonly superseded: AbortSignal;
  /**
   * Takes one line; it reaches the store within 100 ms (files) or 3 s (S3), or as soon as much waits.
   * @returns false when more than 1 MiB waits: await flush() before the next line
   */
  write(line: LogLine): boolean;
  /** Resolves when all that was written is in the store. Rejects with the store's error; the lines are kept and tried again. */
  flush(): Promise<void>;
  /** Flushes, marks the log as ended and lets go of it. May be called twice. */
  close(): Promise<void>;
  /** Flushes and lets go of a log that another writer goes on with: followers keep waiting. May be called twice. */
  leave(): Promise<void>;
}

export interface ReadOptions {
  /** Default 0. */
  fromByte?: number;
  /** Only so many of the last lines; wins over fromByte. */
  tailLines?: number;
}

/** A log as far as it was written when it was looked at. */
export interface LogReading {
  fromByte: number;
  /** The end: where a follower goes on. */
  toByte: number;
  /** Reads when it is walked; may be left alone. */
  chunks: AsyncIterable<Buffer>;
  /**
   * The same as whole lines with their places. Without a line end is what is at the very end, and the beginning of a line of more than 512 KiB.
   */
  lines: AsyncIterable<LogChunk>;
  /** The writer closed it: nothing follows. */
  ended: boolean;
}

/** Whole lines, and where they lie in the log. */
export interface LogChunk {
  fromByte: number;
  /** Where the next one begins. Further than the data is long where a part was left out. */
  toByte: number;
  data: Buffer;
}

/**
 * Keeps what containers print. Logs outlive pods and workers; a log has one writer at a time and any number of readers. Positions
 * are bytes of the whole log: those of a part that was left out, because the log is too long, stay counted.
 */
export interface LogStore {
  /** Opens a log for appending; goes on where an earlier writer stopped, and fences that writer off. */
  openWriter(ref: LogRef): Promise<LogWriter>;
  /** @returns undefined when there is no such log */
  read(ref: LogRef, options?: ReadOptions): Promise<LogReading | undefined>;
  /** Yields lines from `fromByte` on as they are appended; waits for a log that is not there yet. Ends after the writer's close, or on abort. */
  follow(ref: LogRef, fromByte: number, signal: AbortSignal): AsyncIterable<LogChunk>;
  /** The logs of a task, by try, infra, container. */
  list(runId: string, taskId: string): Promise<LogInfo[]>;
  /** Deletes every log of a run. */
  remove(runId: string): Promise<void>;
}

/** The order of {@link LogStore.list}. */
export const byTry = (a: LogInfo, b: LogInfo): number =>
  a.try - b.try || a.infra - b.infra || a.container.localeCompare(b.container);
