import { StringDecoder } from "node:string_decoder";
import { type LogLine, parseLine } from "./log-line.ts";
import { type LogView, windowsBefore } from "./log-view.ts";

const OVERLAP_MS = 3_000;
const NEWLINE = 0x0a;

/** The lines stamped within 3 s of the newest stamp, in order, however many: they are read as they are walked. */
export async function* lastLines(view: LogView, end: number): AsyncGenerator<LogLine, void, undefined> {
  const { fromByte, newestAt } = await overlapStart(view, end);
  let rest = "";
  const decoder = new StringDecoder("utf8");
  for (const segment of view.segments) {
    const [from, to] = [Math.max(segment.fromByte, fromByte), Math.min(segment.toByte, end)];
    if (from >= to) continue;
    for await (const chunk of (await segment.read(from, to)) ?? []) {
      const texts = (rest + decoder.write(chunk)).split("\n");
      rest = texts.pop()!;
      for (const text of texts) {
        const line = parseLine(text);
        if (line.ts !== undefined && Date.parse(line.ts) >= newestAt - OVERLAP_MS) yield line;
      }
    }
  }
}

/** Goes back window by window until one begins with a line that is too old. The line that a window begins inside of counts to the one before. */
async function overlapStart(view: LogView, end: number): Promise<{ fromByte: number; newestAt: number }> {
  let start = end;
  let newestAt = 0;
  for await (const { fromByte, data } of windowsBefore(view, end)) {
    const firstLine = fromByte === 0 ? 0 : data.indexOf(NEWLINE) + 1;
    if (firstLine === 0 && fromByte > 0) continue;
    const texts = data.toString("latin1", firstLine).split("\n");
    const stamps = texts.map(text => Date.parse(parseLine(text).ts ?? "")).filter(at => !Number.isNaN(at));
    newestAt = stamps.reduce((max, at) => Math.max(max, at), newestAt);
    start = fromByte + firstLine;
    if (stamps[0] !== undefined && stamps[0] < newestAt - OVERLAP_MS) break;
  }
  return { fromByte: start, newestAt };
}
