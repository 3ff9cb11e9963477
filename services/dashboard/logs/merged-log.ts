import { type LogPage, type LogRow, sortableStamp } from "./log-row.ts";

export interface NamedLog {
  container: string;
  pages: AsyncIterable<LogPage>;
}

/** The next line of a log that is being merged. */
interface Head {
  container: string;
  rows: AsyncIterator<LogRow>;
  row: LogRow;
  /** Of the line, or of the last stamped one before it: a marked line stays behind what it follows. */
  at: string;
}

/** How many rows go on together. */
const PAGE = 500;

/** The lines of several logs, by their stamps, each with the name of its container. @param isWhole none begins in its middle: lines can be counted */
export async function* mergeLogs(
  logs: readonly NamedLog[],
  { isWhole }: { isWhole: boolean },
): AsyncGenerator<LogPage, void, undefined> {
  const begun = logs.map(({ container, pages }) => next({ container, rows: rowsOf(pages), row: { line: "" }, at: "" }));
  let heads = (await Promise.all(begun)).filter(head => head !== undefined);
  let rows: LogRow[] = [];
  let number = 1;
  while (heads.length > 0) {
    const first = heads.reduce((min, head) => (head.at < min.at ? head : min));
    const { toByte: _, number: __, ...row } = first.row;
    rows.push({ ...row, container: first.container, ...(isWhole ? { number } : {}) });
    if (!row.isPart) number++;
    if (rows.length === PAGE) {
      yield { rows, toByte: 0 };
      rows = [];
    }
    const following = await next(first);
    heads = heads.flatMap(head => (head === first ? (following ?? []) : head));
  }
  if (rows.length > 0) yield { rows, toByte: 0 };
}

async function next({ container, rows, at }: Head): Promise<Head | undefined> {
  const { value: row, done } = await rows.next();
  // What goes on with a line belongs to it, whatever it looks like.
  return done ? undefined : { container, rows, row, at: row.goesOn ? at : (sortableStamp(row.line) ?? at) };
}

async function* rowsOf(pages: AsyncIterable<LogPage>): AsyncGenerator<LogRow, void, undefined> {
  for await (const { rows } of pages) yield* rows;
}
