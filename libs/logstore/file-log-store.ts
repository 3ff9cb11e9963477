import { createReadStream } from "node:fs";
import { open, readdir, rm, stat } from "node:fs/promises";
import { isAbsent } from "./absent.ts";
import { openFileLogWriter } from "./file-log-writer.ts";
import { followFile } from "./follow-file.ts";
import { logPaths, parseLogName, runDir, taskDir } from "./log-path.ts";
import { hasEnded } from "./log-state.ts";
import type { LogInfo, LogReading, LogRef, LogStore, ReadOptions } from "./log-store.ts";
import { findTail } from "./read-back.ts";

export interface FileLogStoreOptions {
  /** The folder of all logs; made when it is missing. Writers and readers on several machines share it as a volume. */
  dir: string;
  /** Longest log of one container of one try. Default 100 MiB. */
  maxBytes?: number;
  /** Told of writes that fail in the background. Default: a warning of the process. */
  onError?: (error: unknown, path: string) => void;
  /** Default: the machine's clock. */
  now?: () => number;
}

const MAX_BYTES = 100 * 1024 * 1024;

/** Logs as plain text files, one per container of a try: `tail -f` reads them as well as the API does. */
export function openFileLogStore(options: FileLogStoreOptions): LogStore {
  const { dir, maxBytes = MAX_BYTES, onError = warn, now = Date.now } = options;
  return {
    openWriter: ref => openFileLogWriter(logPaths(dir, ref), { maxBytes, onError, now }),
    read: (ref, how) => readLog(dir, ref, how),
    follow: (ref, fromByte, signal) => followFile(logPaths(dir, ref), fromByte, signal),
    list: (runId, taskId) => listLogs(dir, runId, taskId),
    remove: runId => rm(runDir(dir, runId), { recursive: true, force: true }),
  };
}

const warn = (error: unknown, path: string): void => process.emitWarning(`cannot write the log ${path}: ${String(error)}`);

async function readLog(dir: string, ref: LogRef, { fromByte = 0, tailLines }: ReadOptions = {}): Promise<LogReading | undefined> {
  const path = logPaths(dir, ref).log;
  try {
    await using handle = await open(path, "r");
    const { size } = await handle.stat();
    const start = tailLines === undefined ? Math.min(fromByte, size) : await findTail(handle, size, tailLines);
    return { fromByte: start, toByte: size, chunks: readBytes(path, start, size) };
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

async function* readBytes(path: string, start: number, end: number): AsyncGenerator<Buffer, void, undefined> {
  if (start >= end) return;
  yield* createReadStream(path, { start, end: end - 1 }) as AsyncIterable<Buffer>;
}

async function listLogs(dir: string, runId: string, taskId: string): Promise<LogInfo[]> {
  const folder = taskDir(dir, runId, taskId);
  try {
    const names = (await readdir(folder)).map(parseLogName).filter(found => found !== undefined);
    const logs = names.map(async found => {
      const paths = logPaths(dir, { runId, taskId, ...found });
      return { ...found, sizeBytes: (await stat(paths.log)).size, ended: await hasEnded(paths.state) };
    });
    return (await Promise.all(logs)).sort((a, b) => a.try - b.try || a.infra - b.infra || a.container.localeCompare(b.container));
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}
