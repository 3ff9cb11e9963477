import type { LogChunk, LogReading, ReadOptions } from "./log-store.ts";

/** A stretch of a log as its store keeps it: a file, an object. */
export interface Segment {
  fromByte: number;
  /** Its end. */
  toByte: number;
  /** @returns undefined when it is gone meanwhile: the log grew past its limit */
  read(fromByte: number, toByte: number): Promise<AsyncIterable<Buffer> | Iterable<Buffer> | undefined>;
}

/** A log as it was at one moment: what is kept of it, in order. Where a segment is missing, something was left out. */
export interface LogView {
  segments: readonly Segment[];
  ended: boolean;
}

/** A log is this long. */
export const sizeOf = ({ segments }: LogView): number => segments.at(-1)?.toByte ?? 0;

const NEWLINE = 0x0a;
const CHUNK_BYTES = 512 * 1024;
const WINDOW_BYTES = 64 * 1024;

const leftOut = (fromByte: number, toByte: number): LogChunk => {
  const text = `- windlass: ${toByte - fromByte} bytes are left out here: the log is longer than what is kept of one\n`;
  return { fromByte, toByte, data: Buffer.from(text) };
};

/** What is kept from `fromByte` on, cut anywhere; a line that says so stands where something is missing. */
async function* bytesFrom({ segments }: LogView, fromByte: number): AsyncGenerator<LogChunk, void, undefined> {
  let at = fromByte;
  for (const segment of segments) {
    if (segment.toByte <= at) continue;
    if (segment.fromByte > at) yield leftOut(at, segment.fromByte);
    at = Math.max(at, segment.fromByte);
    const bytes = await segment.read(at, segment.toByte);
    for await (const data of bytes ?? []) {
      yield { fromByte: at, toByte: at + data.length, data };
      at += data.length;
    }
    if (bytes === undefined) {
      yield leftOut(at, segment.toByte);
      at = segment.toByte;
    }
  }
}

/** Answers a {@link LogStore}'s `read`. */
export async function readView(view: LogView, { fromByte = 0, tailLines }: ReadOptions = {}): Promise<LogReading> {
  const toByte = sizeOf(view);
  const start = tailLines === undefined ? Math.min(fromByte, toByte) : await tailStart(view, tailLines);
  // As far as it was written: nothing is held back for a line that goes on.
  const lines = linesFrom({ ...view, ended: true }, start);
  return { fromByte: start, toByte, chunks: dataFrom(view, start), lines, ended: view.ended };
}

async function* dataFrom(view: LogView, start: number): AsyncGenerator<Buffer, void, undefined> {
  for await (const { data } of bytesFrom(view, start)) yield data;
}

/** Whole lines from `fromByte` on. The half line at the end is held back, unless the log has ended or it is longer than a chunk. */
export async function* linesFrom(view: LogView, fromByte: number): AsyncGenerator<LogChunk, void, undefined> {
  let at = fromByte;
  let held: Buffer[] = [];
  let heldBytes = 0;
  const take = (toByte: number): LogChunk => {
    const chunk = { fromByte: at, toByte, data: held.length === 1 ? held[0]! : Buffer.concat(held) };
    [held, heldBytes, at] = [[], 0, toByte];
    return chunk;
  };
  for await (const piece of bytesFrom(view, fromByte)) {
    const isMark = piece.toByte - piece.fromByte !== piece.data.length;
    if (isMark) {
      if (heldBytes > 0) yield take(piece.fromByte);
      yield piece;
      at = piece.toByte;
      continue;
    }
    held.push(piece.data);
    heldBytes += piece.data.length;
    if (heldBytes < CHUNK_BYTES) continue;
    const whole = Buffer.concat(held);
    const end = whole.lastIndexOf(NEWLINE) + 1 || wholeCharactersEnd(whole);
    yield { fromByte: at, toByte: at + end, data: whole.subarray(0, end) };
    at += end;
    held = end < whole.length ? [whole.subarray(end)] : [];
    heldBytes = whole.length - end;
  }
  if (heldBytes === 0) return;
  const rest = Buffer.concat(held);
  const end = view.ended ? rest.length : rest.lastIndexOf(NEWLINE) + 1;
  if (end > 0) yield { fromByte: at, toByte: at + end, data: rest.subarray(0, end) };
}

/** UTF-8: where the last character begins that is not all there; else the end. */
function wholeCharactersEnd(data: Buffer): number {
  for (let at = data.length - 1; at >= data.length - 3 && at > 0; at--) {
    const byte = data[at]!;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return at + length > data.length ? at : data.length;
  }
  return data.length;
}

interface Window {
  fromByte: number;
  data: Buffer;
}

/** What is kept before `end`, from there backwards in windows of at most 64 KiB. */
export async function* windowsBefore({ segments }: LogView, end: number): AsyncGenerator<Window, void, undefined> {
  for (const segment of segments.toReversed()) {
    let to = Math.min(end, segment.toByte);
    while (to > segment.fromByte) {
      const fromByte = Math.max(segment.fromByte, to - WINDOW_BYTES);
      const bytes = await segment.read(fromByte, to);
      if (bytes === undefined) break;
      yield { fromByte, data: Buffer.concat(await Array.fromAsync(bytes)) };
      to = fromByte;
    }
  }
}

/** Where the last `count` lines begin. A half line at the end counts as one. */
async function tailStart(view: LogView, count: number): Promise<number> {
  const end = sizeOf(view);
  if (count === 0 || end === 0) return end;
  let left = count;
  let first = end;
  for await (const { fromByte, data } of windowsBefore(view, end)) {
    // The end of the last line is no separator.
    const last = fromByte + data.length === end ? data.length - 2 : data.length - 1;
    for (
      let at = last < 0 ? -1 : data.lastIndexOf(NEWLINE, last);
      at >= 0;
      at = at === 0 ? -1 : data.lastIndexOf(NEWLINE, at - 1)
    ) {
      if (--left === 0) return fromByte + at + 1;
    }
    first = fromByte;
  }
  return first;
}

/** The end of the last whole line. A crash leaves half a line behind, however long. */
export async function wholeLinesEnd(view: LogView): Promise<number> {
  let first = sizeOf(view);
  for await (const { fromByte, data } of windowsBefore(view, first)) {
    if (fromByte + data.length < first) return first; // something is left out here; behind it a line begins
    const newline = data.lastIndexOf(NEWLINE);
    if (newline >= 0) return fromByte + newline + 1;
    first = fromByte;
  }
  return first;
}
