import { StringDecoder } from "node:string_decoder";
import { parseLine } from "#logstore/log-line.ts";

/** One line of a log as Airflow shows it. */
export interface LogMessage {
  /** When the container printed it; absent where somebody else speaks. */
  timestamp?: string;
  event: string;
  /** Who speaks, if not the container: "kubelet", "event", "windlass". */
  logger?: string;
}

/** A log's bytes, cut anywhere, as messages. */
export async function* logMessages(chunks: AsyncIterable<Buffer>): AsyncGenerator<LogMessage, void, undefined> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of chunks) {
    const lines = (rest + decoder.write(chunk)).split("\n");
    rest = lines.pop()!;
    for (const line of lines) yield messageOf(line);
  }
  rest += decoder.end();
  if (rest !== "") yield messageOf(rest);
}

function messageOf(line: string): LogMessage {
  const { ts, text, by } = parseLine(line);
  return { ...(ts === undefined ? {} : { timestamp: ts }), event: text, ...(by === undefined ? {} : { logger: by }) };
}
