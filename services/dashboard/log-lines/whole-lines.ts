import { StringDecoder } from "node:string_decoder";
import type { LogChunk } from "#logstore/log-store.ts";

/** The lines of a log, without their ends. A chunk may end inside a line that is very long. */
export async function* wholeLines(chunks: AsyncIterable<LogChunk> | Iterable<LogChunk>): AsyncGenerator<string, void, undefined> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const { data } of chunks) {
    const texts = (rest + decoder.write(data)).split("\n");
    rest = texts.pop()!;
    yield* texts;
  }
  rest += decoder.end();
  if (rest !== "") yield rest;
}
