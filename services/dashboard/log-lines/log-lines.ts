import type { LogLineReply } from "#contract/log-lines.ts";
import { parseLine } from "#logstore/log-line.ts";
import type { LogReading, LogRef, LogStore } from "#logstore/log-store.ts";
import { LineIndex } from "./line-index.ts";
import { matchingLines } from "./matching-lines.ts";
import { wholeLines } from "./whole-lines.ts";

export interface LineWindow {
  total: number;
  /** The number of the first line, counted from 1. */
  from: number;
  lines: LogLineReply[];
  /** The byte behind the last line of the log. */
  toByte: number;
  ended: boolean;
}

export interface LineSearch {
  /** Numbers of the first lines that match, from 1. */
  lines: number[];
  /** How many match. */
  total: number;
}

/** Logs by the numbers of their lines. */
export interface LogLines {
  /** @param from counted from 1; negative: from the end @returns undefined when there is no such log */
  window(ref: LogRef, from: number, count: number): Promise<LineWindow | undefined>;
  /** @returns undefined when there is no such log */
  search(ref: LogRef, text: string, signal: AbortSignal): Promise<LineSearch | undefined>;
}

/** Indexes that are kept: each is a few kB. */
const CACHED = 200;
const MAX_CHARACTERS = 20_000;
const MAX_MATCHES = 10_000;

export function openLogLines(logs: Pick<LogStore, "read">): LogLines {
  const indexes = new Map<string, LineIndex>();

  function indexOf(ref: LogRef): LineIndex {
    const key = JSON.stringify([ref.runId, ref.taskId, ref.try, ref.infra, ref.container]);
    const index = indexes.get(key) ?? new LineIndex();
    // A Map keeps the order of insertion: putting it back makes it the youngest.
    indexes.delete(key);
    indexes.set(key, index);
    if (indexes.size > CACHED) indexes.delete(indexes.keys().next().value!);
    return index;
  }

  /** Reads on from where the index has come to. Two who do it at once would count twice: the second takes what the first has read. */
  async function grow(index: LineIndex, { lines }: LogReading): Promise<void> {
    for await (const chunk of lines) if (chunk.fromByte === index.toByte) index.add(chunk);
  }

  return {
    async window(ref, from, count) {
      const index = indexOf(ref);
      const reading = await logs.read(ref, { fromByte: index.toByte });
      if (reading === undefined) return undefined;
      await grow(index, reading);
      const { total, toByte } = index;
      const first = Math.min(Math.max(0, from < 0 ? total + from : from - 1), Math.max(0, total - 1));
      const mark = index.before(first);
      const behind = await logs.read(ref, { fromByte: mark.byte });
      const lines: LogLineReply[] = [];
      let skip = first - mark.line;
      for await (const line of wholeLines(behind?.lines ?? [])) {
        if (skip-- > 0) continue;
        lines.push(replyOf(line));
        if (lines.length >= Math.min(count, total - first)) break;
      }
      return { total, from: first + 1, lines, toByte, ended: reading.ended };
    },

    async search(ref, text, signal) {
      const reading = await logs.read(ref);
      if (reading === undefined) return undefined;
      const found: LineSearch = { lines: [], total: 0 };
      for await (const line of matchingLines(reading.lines, text)) {
        // Who asked is gone: nobody reads the answer.
        if (signal.aborted) break;
        found.total++;
        if (found.lines.length < MAX_MATCHES) found.lines.push(line);
      }
      return found;
    },
  };
}

function replyOf(line: string): LogLineReply {
  const { ts, text, by } = parseLine(line);
  const short = text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text;
  return { ...(ts === undefined ? {} : { at: ts }), text: short, ...(by === undefined ? {} : { by }) };
}
