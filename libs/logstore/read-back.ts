import type { FileHandle } from "node:fs/promises";
import { type LogLine, parseLine } from "./log-line.ts";

const FIRST_WINDOW_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** Reads ever larger windows from the end until one is enough, is `maxBytes` long, or is the whole file. */
async function readBack(
  handle: FileHandle,
  sizeBytes: number,
  maxBytes: number,
  enough: (window: Buffer) => boolean,
): Promise<Buffer> {
  for (let length = Math.min(FIRST_WINDOW_BYTES, sizeBytes, maxBytes); ; length = Math.min(length * 4, sizeBytes, maxBytes)) {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, sizeBytes - length);
    const window = buffer.subarray(0, bytesRead);
    if (length >= Math.min(sizeBytes, maxBytes) || enough(window)) return window;
  }
}

/** Where the last `count` lines of the file begin. A half line at the end counts as one. */
export async function findTail(handle: FileHandle, sizeBytes: number, count: number): Promise<number> {
  if (count === 0 || sizeBytes === 0) return sizeBytes;
  const window = await readBack(handle, sizeBytes, sizeBytes, part => lineStart(part, count) > 0);
  return sizeBytes - window.length + lineStart(window, count);
}

/** Where the last `count` lines of the window begin; 0 when it holds no more than that. */
function lineStart(window: Buffer, count: number): number {
  let at = window.length - 1; // the end of the last line is no separator
  for (let left = count; left > 0; left--) {
    if (at <= 0) return 0;
    at = window.lastIndexOf(NEWLINE, at - 1);
    if (at < 0) return 0;
  }
  return at + 1;
}

/** The end of the last whole line; 0 when there is none within the last MiB. */
export async function wholeLinesEnd(handle: FileHandle, sizeBytes: number): Promise<number> {
  if (sizeBytes === 0) return 0;
  const window = await readBack(handle, sizeBytes, 1024 * 1024, part => part.includes(NEWLINE));
  const last = window.lastIndexOf(NEWLINE);
  return last < 0 ? 0 : sizeBytes - window.length + last + 1;
}

const OVERLAP_MS = 3_000;
const MAX_OVERLAP_BYTES = 4 * 1024 * 1024;

/** The lines stamped within 3 s of the newest stamp, in order; at most the last 4 MiB. `sizeBytes` must be the end of a line. */
export async function readOverlap(handle: FileHandle, sizeBytes: number): Promise<LogLine[]> {
  if (sizeBytes === 0) return [];
  const window = await readBack(handle, sizeBytes, MAX_OVERLAP_BYTES, part => {
    const stamped = stampedLines(part, part.length < sizeBytes);
    return (stamped[0]?.at ?? 0) < (stamped.at(-1)?.at ?? 0) - OVERLAP_MS;
  });
  const stamped = stampedLines(window, window.length < sizeBytes);
  const newest = stamped.reduce((max, { at }) => Math.max(max, at), 0);
  return stamped.filter(({ at }) => at >= newest - OVERLAP_MS).map(({ line }) => line);
}

/** The lines of a window that carry an instant; a window that starts inside the file may start inside a line. */
function stampedLines(window: Buffer, startsInside: boolean): { line: LogLine; at: number }[] {
  const texts = window
    .toString("utf8")
    .split("\n")
    .slice(startsInside ? 1 : 0, -1);
  return texts.flatMap(text => {
    const line = parseLine(text);
    const at = Date.parse(line.ts ?? "");
    return Number.isNaN(at) ? [] : [{ line, at }];
  });
}
