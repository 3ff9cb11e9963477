import { StringDecoder } from "node:string_decoder";

export interface NamedLog {
  container: string;
  chunks: AsyncIterable<Buffer>;
}

/** The next line of a log that is being merged. */
interface Head {
  container: string;
  lines: AsyncIterator<string>;
  line: string;
  /** Of the line, or of the last stamped one before it: a marked line stays behind what it follows. */
  at: string;
}

/** The lines of several logs, by their stamps, each with the name of its container: `2026-…Z [proxy] text`, `- [main] event: text`. */
export async function* mergeLogs(logs: readonly NamedLog[]): AsyncGenerator<string, void, undefined> {
  const begun = logs.map(({ container, chunks }) => next({ container, lines: linesOf(chunks), line: "", at: "" }));
  let heads = (await Promise.all(begun)).filter(head => head !== undefined);
  while (heads.length > 0) {
    const first = heads.reduce((min, head) => (head.at < min.at ? head : min));
    yield `${first.line.replace(/^((?:\d{4}-\d\d-\S+Z|-) )?/, `$1[${first.container}] `)}\n`;
    const following = await next(first);
    heads = heads.flatMap(head => (head === first ? (following ?? []) : head));
  }
}

/** The last lines of the merged log. @param logs each with its own last `count` lines at least */
export async function* tailOf(logs: readonly NamedLog[], count: number): AsyncGenerator<string, void, undefined> {
  const lines = await Array.fromAsync(mergeLogs(logs));
  yield* count === 0 ? [] : lines.slice(-count);
}

async function next({ container, lines, at }: Head): Promise<Head | undefined> {
  const { value: line, done } = await lines.next();
  return done ? undefined : { container, lines, line, at: sortable(line) ?? at };
}

/** A kubelet leaves out the zeros at a stamp's end. */
function sortable(line: string): string | undefined {
  const [, second, fraction = ""] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?Z /.exec(line) ?? [];
  return second && `${second}.${fraction.padEnd(9, "0")}`;
}

async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string, void, undefined> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of chunks) {
    const parts = (rest + decoder.write(chunk)).split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
  rest += decoder.end();
  if (rest !== "") yield rest;
}
