import { createReadStream } from "node:fs";
import { access, mkdir, open, readdir, rm, stat, truncate } from "node:fs/promises";
import { isAbsent } from "./absent.ts";
import { BufferedLogWriter } from "./buffered-log-writer.ts";
import { FileLogSink, type FilePart } from "./file-log-sink.ts";
import { followView } from "./follow-view.ts";
import { lastLines } from "./last-lines.ts";
import { type LogPaths, logPaths, parseLogName, runDir, segmentPath, taskDir } from "./log-path.ts";
import { claimLog, hasEnded } from "./log-state.ts";
import { byTry, type LogChunk, type LogInfo, type LogStore, type LogWriter } from "./log-store.ts";
import { type LogView, readView, type Segment, sizeOf, wholeLinesEnd } from "./log-view.ts";
import { SharedTail } from "./shared-tail.ts";
import { STORE_DEFAULTS, type StoreSettings } from "./store-settings.ts";

export interface FileLogStoreOptions extends StoreSettings {
  /** The folder of all logs; made when it is missing. Writers and readers on several machines share it as a volume. */
  dir: string;
}

const FLUSH_AFTER_MS = 100;
const FLUSH_AT_BYTES = 128 * 1024;
/** Up to here a part is read at once and remembered as long as the view is. */
const SMALL_BYTES = 64 * 1024;

type Settings = Required<FileLogStoreOptions>;

/** Logs as plain text files, one per container of a try: `tail -f` reads them as well as the API does. Long ones go on in further files. */
export function openFileLogStore(options: FileLogStoreOptions): LogStore {
  const settings: Settings = { ...STORE_DEFAULTS, ...options };
  const { dir } = settings;
  const tails = new Map<string, SharedTail>();
  const tailOf = (paths: LogPaths): SharedTail => {
    const known = tails.get(paths.log);
    if (known !== undefined) return known;
    const tail = new SharedTail({ dir: paths.dir, look: () => look(paths), onEmpty: () => tails.delete(paths.log) });
    tails.set(paths.log, tail);
    return tail;
  };
  return {
    openWriter: ref => openWriter(logPaths(dir, ref), settings),
    async read(ref, how) {
      const view = await look(logPaths(dir, ref));
      return view && readView(view, how);
    },
    follow: (ref, fromByte, signal) => follow(() => tailOf(logPaths(dir, ref)), fromByte, signal),
    list: (runId, taskId) => listLogs(dir, runId, taskId),
    remove: runId => rm(runDir(dir, runId), { recursive: true, force: true }),
  };
}

async function openWriter(paths: LogPaths, { maxBytes, onError, now }: Settings): Promise<LogWriter> {
  await mkdir(paths.dir, { recursive: true });
  // The claim comes first: from here on an earlier writer keeps its hands off.
  const claim = await claimLog(paths.state);
  await (await open(paths.log, "a")).close();
  const view = (await look(paths))!;
  // A crash may have left half a line. No reader was shown it, and the cluster sends it again.
  const end = await wholeLinesEnd(view);
  const last = view.segments.at(-1)!;
  if (end < last.toByte) await truncate(segmentPath(paths, last.fromByte), end - last.fromByte);
  const parts = view.segments.map(({ fromByte, toByte }) => ({ fromByte, sizeBytes: Math.min(toByte, end) - fromByte }));
  const sink = new FileLogSink({ paths, claim, parts, partBytes: Math.ceil(maxBytes / 10), maxBytes, now });
  return new BufferedLogWriter({
    sink,
    sizeBytes: end,
    lastLines: lastLines(view, end),
    flushAfterMs: FLUSH_AFTER_MS,
    flushAtBytes: FLUSH_AT_BYTES,
    onError,
  });
}

/** @returns undefined when there is no log */
async function look(paths: LogPaths): Promise<LogView | undefined> {
  // Asked before the files: what an ended log holds is then all there.
  const ended = await hasEnded(paths.state);
  const parts = await partsOf(paths);
  if (parts.length === 0) return undefined;
  const segments = parts.map(({ fromByte, sizeBytes }): Segment => {
    const path = segmentPath(paths, fromByte);
    const read = remembering((from, to) => readPart(path, from - fromByte, to - fromByte));
    return { fromByte, toByte: fromByte + sizeBytes, read };
  });
  return { segments, ended };
}

async function partsOf({ dir, log }: LogPaths): Promise<FilePart[]> {
  const name = log.slice(dir.length + 1);
  try {
    const names = (await readdir(dir)).filter(found => found === name || found.startsWith(`${name}.`));
    const parts = names.map(async found => {
      const fromByte = found === name ? 0 : Number(found.slice(name.length + 1));
      return { fromByte, sizeBytes: (await stat(`${dir}/${found}`)).size };
    });
    return (await Promise.all(parts)).sort((a, b) => a.fromByte - b.fromByte);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

/** Those who follow a log ask a view of it for the same new lines. */
function remembering(read: Segment["read"]): Segment["read"] {
  let last: { fromByte: number; toByte: number; data: ReturnType<Segment["read"]> } | undefined;
  return (fromByte, toByte) => {
    if (toByte - fromByte > SMALL_BYTES) return read(fromByte, toByte);
    if (last?.fromByte !== fromByte || last.toByte !== toByte) last = { fromByte, toByte, data: read(fromByte, toByte) };
    return last.data;
  };
}

async function readPart(path: string, start: number, end: number): Promise<AsyncIterable<Buffer> | Iterable<Buffer> | undefined> {
  try {
    if (end - start <= SMALL_BYTES) return [await readSmall(path, start, end - start)];
    await access(path);
    return createReadStream(path, { start, end: end - 1 }) as AsyncIterable<Buffer>;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Without the cost of a stream. Shorter when the file ends earlier. */
async function readSmall(path: string, start: number, length: number): Promise<Buffer> {
  await using file = await open(path);
  const data = Buffer.allocUnsafe(length);
  const { bytesRead } = await file.read(data, 0, length, start);
  return data.subarray(0, bytesRead);
}

async function* follow(
  tailOf: () => SharedTail,
  fromByte: number,
  signal: AbortSignal,
): AsyncGenerator<LogChunk, void, undefined> {
  using seat = tailOf().join(signal);
  yield* followView({ look: () => seat.look(), changed: () => seat.changed(), fromByte, signal });
}

async function listLogs(dir: string, runId: string, taskId: string): Promise<LogInfo[]> {
  try {
    const names = (await readdir(taskDir(dir, runId, taskId))).map(parseLogName).filter(found => found !== undefined);
    const logs = names.map(async (found): Promise<LogInfo | undefined> => {
      const view = await look(logPaths(dir, { runId, taskId, ...found }));
      return view && { ...found, sizeBytes: sizeOf(view), ended: view.ended };
    });
    return (await Promise.all(logs)).filter(log => log !== undefined).sort(byTry);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}
