import { type LogPage, type LogRow, sortableStamp, stripStamp } from "./log-row.ts";

export interface LogSelection {
  /** Lines that were printed before this instant (ms) are left out. */
  sinceAt?: number | undefined;
  /** Only lines with this text in them, whatever the case of its letters. */
  search?: string | undefined;
}

/** Whether anything is left out at all. */
export const isSelective = ({ sinceAt, search }: LogSelection): boolean => sinceAt !== undefined || search !== undefined;

/** Leaves out what is not asked for. Pages come through empty as well: they tell how far the log has been read. */
export async function* selectRows(
  pages: AsyncIterable<LogPage>,
  selection: LogSelection,
): AsyncGenerator<LogPage, void, undefined> {
  const isAsked = selector(selection);
  for await (const { rows, toByte } of pages) yield { rows: rows.filter(isAsked), toByte };
}

/** The last rows that are asked for. Reads twice, so that it need not remember them. */
export async function* lastRows(
  read: () => Promise<AsyncIterable<LogPage>>,
  selection: LogSelection,
  count: number,
): AsyncGenerator<LogPage, void, undefined> {
  let total = 0;
  for await (const { rows } of selectRows(await read(), selection)) total += rows.length;
  let skip = Math.max(0, total - count);
  for await (const { rows, toByte } of selectRows(await read(), selection)) {
    yield { rows: rows.slice(skip), toByte };
    skip = Math.max(0, skip - rows.length);
  }
}

/** For one pass over the rows, in their order. */
export function selector({ sinceAt, search }: LogSelection): (row: LogRow) => boolean {
  const since = sinceAt === undefined ? undefined : sortableStamp(`${new Date(sinceAt).toISOString()} `);
  const text = search?.toLowerCase();
  // A line without a stamp is as old as the one before it.
  let isNow = since === undefined;
  let isAsked = false;
  return ({ line, goesOn }) => {
    if (goesOn) return isAsked;
    if (!isNow && since !== undefined) {
      const stamp = sortableStamp(line);
      isNow = stamp !== undefined && stamp >= since;
    }
    isAsked = isNow && (text === undefined || stripStamp(line).toLowerCase().includes(text));
    return isAsked;
  };
}
