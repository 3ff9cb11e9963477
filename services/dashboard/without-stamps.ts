import { StringDecoder } from "node:string_decoder";

/** Not the flag m: to it a carriage return, which progress bars print, begins a line as well. */
const STAMP = /(?<=^|\n)\d{4}-\d\d-\d\dT[\d:.]+Z /g;

/** Whole lines of a log without the stamp in front of each. The dash before what is not the container's stays: it tells them apart. */
export const stripStamps = (lines: string): string => lines.replace(STAMP, "");

/** The same for bytes that may be cut anywhere. */
export async function* withoutStamps(chunks: AsyncIterable<Buffer>): AsyncGenerator<string, void, undefined> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of chunks) {
    const text = rest + decoder.write(chunk);
    const end = text.lastIndexOf("\n") + 1;
    rest = text.slice(end);
    yield stripStamps(text.slice(0, end));
  }
  yield stripStamps(rest + decoder.end());
}
