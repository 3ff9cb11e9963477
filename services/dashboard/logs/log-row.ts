import type { LogChunk } from "#logstore/log-store.ts";

/** A line of a log on its way to a caller. */
export interface LogRow {
  /** As it is stored, without its end: `2026-…Z text`, or `- speaker: text`. */
  line: string;
  /** Counted from 1 over what is kept; absent when reading began in the middle. */
  number?: number;
  /** Where the next one begins; absent in several logs at once. */
  toByte?: number;
  /** Whose it is, of several logs at once. */
  container?: string;
  /** The beginning of a very long line, or the end of a log that has none: the next row goes on with it. */
  isPart?: true;
  /** It goes on with the row before. */
  goesOn?: true;
}

/** Rows that were read together, and how far the log has been read with them. */
export interface LogPage {
  rows: readonly LogRow[];
  toByte: number;
}

const NEWLINE = 0x0a;

/** Makes rows of the chunks of one log, in their order. @param isWhole reading begins at the first byte: lines can be counted */
export function rowReader({ isWhole }: { isWhole: boolean }): (chunk: LogChunk) => LogPage {
  let number = 1;
  let goesOn = false;
  return ({ fromByte, toByte, data }) => {
    const rows: LogRow[] = [];
    for (let start = 0; start < data.length; ) {
      const newline = data.indexOf(NEWLINE, start);
      const isPart = newline < 0;
      const end = isPart ? data.length : newline;
      const next = isPart ? end : newline + 1;
      rows.push({
        line: data.toString("utf8", start, end),
        ...(isWhole ? { number } : {}),
        // What stands where a part was left out is shorter than that part.
        toByte: next === data.length ? toByte : fromByte + next,
        ...(isPart ? { isPart } : {}),
        ...(goesOn ? { goesOn } : {}),
      });
      goesOn = isPart;
      if (!isPart) number++;
      start = next;
    }
    return { rows, toByte };
  };
}

export async function* pagesOf(
  chunks: AsyncIterable<LogChunk>,
  options: { isWhole: boolean },
): AsyncGenerator<LogPage, void, undefined> {
  const read = rowReader(options);
  for await (const chunk of chunks) yield read(chunk);
}

/** Not the flag m: to it a carriage return, which progress bars print, begins a line as well. */
const STAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?Z /;

/** The line without the stamp in front of it. The dash before what is not the container's stays: it tells them apart. */
export const stripStamp = (line: string): string => line.replace(STAMP, "");

/** The line's stamp in a form that sorts: a kubelet leaves out the zeros at its end. */
export function sortableStamp(line: string): string | undefined {
  const [, second, fraction = ""] = STAMP.exec(line) ?? [];
  return second && `${second}.${fraction.padEnd(9, "0")}`;
}
