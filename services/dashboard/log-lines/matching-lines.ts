import { StringDecoder } from "node:string_decoder";
import type { LogChunk } from "#logstore/log-store.ts";

/** What stands before a line's text: its stamp, or the dash of a line that is not the container's. */
const HEAD = /(?:\d{4}-\d\d-\d\dT[\d:.]+Z|-) /y;

/**
 * The numbers of the lines, from 1, whose text has the words. Looks at whole chunks and not at lines: most have no match.
 * @param words in small letters only: capitals do not matter
 */
export async function* matchingLines(
  chunks: AsyncIterable<LogChunk> | Iterable<LogChunk>,
  words: string,
): AsyncGenerator<number, void, undefined> {
  const isExact = words !== words.toLowerCase();
  const decoder = new StringDecoder("utf8");
  let before = 0;
  let rest = "";
  for await (const { data } of chunks) {
    const text = rest + decoder.write(data);
    const end = text.lastIndexOf("\n") + 1;
    rest = text.slice(end);
    const lines = text.slice(0, end);
    yield* numbersIn(lines, isExact ? lines : lines.toLowerCase(), words, before);
    before += countNewlines(lines);
  }
  rest += decoder.end();
  if (rest !== "") yield* numbersIn(`${rest}\n`, `${isExact ? rest : rest.toLowerCase()}\n`, words, before);
}

function* numbersIn(lines: string, searched: string, words: string, before: number): Generator<number, void, undefined> {
  let [line, lineStart] = [before + 1, 0];
  let from = 0;
  for (let at = searched.indexOf(words, from); at >= 0; at = searched.indexOf(words, from)) {
    for (let next = lines.indexOf("\n", lineStart); next < at; next = lines.indexOf("\n", lineStart)) {
      line++;
      lineStart = next + 1;
    }
    HEAD.lastIndex = lineStart;
    const textStart = HEAD.test(lines) ? HEAD.lastIndex : lineStart;
    if (at < textStart) {
      // Inside the stamp.
      from = textStart;
      continue;
    }
    yield line;
    from = lines.indexOf("\n", at) + 1;
  }
}

function countNewlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
