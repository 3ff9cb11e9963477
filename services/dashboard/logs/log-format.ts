import type { LogFormat, LogLineReply } from "#contract/log.ts";
import { parseLine } from "#logstore/log-line.ts";
import { type LogPage, type LogRow, stripStamp } from "./log-row.ts";

export interface LogFormatOptions {
  /** Each line's stamp in front of it. */
  timestamps: boolean;
  /** Each line's number in front of it, as grep -n writes it. */
  numbers: boolean;
}

export const CONTENT_TYPES: Readonly<Record<LogFormat, string>> = {
  text: "text/plain; charset=utf-8",
  ndjson: "application/x-ndjson",
  events: "text/event-stream",
};

/** What the caller wants: `format`, else what it accepts, else events of what is followed and text of what is there. */
export function formatFor({ format, follow }: { format?: LogFormat | undefined; follow: boolean }, accept = ""): LogFormat {
  if (format !== undefined) return format;
  const accepted = accept.split(",").map(type => type.split(";", 1)[0]!.trim());
  const named = (["events", "ndjson", "text"] as const).find(name => accepted.includes(CONTENT_TYPES[name].split(";", 1)[0]!));
  return named ?? (follow ? "events" : "text");
}

/** `2026-…Z [proxy] text`: the name stands behind the stamp, or behind the dash of what is not a container's. */
const NAME_PLACE = /^(\d{4}-\d\d-\d\dT\S+Z |- )?/;

/** The text of a row, for people. */
export function rowText({ line, number, container, goesOn }: LogRow, { timestamps, numbers }: LogFormatOptions): string {
  if (goesOn) return line;
  const named = container === undefined ? line : line.replace(NAME_PLACE, place => `${place}[${container}] `);
  const text = timestamps ? named : stripStamp(named);
  return numbers && number !== undefined ? `${number}:${text}` : text;
}

/** Text as it was printed. */
export async function* asText(pages: AsyncIterable<LogPage>, options: LogFormatOptions): AsyncGenerator<string, void, undefined> {
  for await (const { rows } of pages) {
    const text = rows.map(row => `${rowText(row, options)}${row.isPart ? "" : "\n"}`).join("");
    if (text !== "") yield text;
  }
}

/** A JSON object a line. */
export async function* asNdjson(
  pages: AsyncIterable<LogPage>,
  { timestamps }: Pick<LogFormatOptions, "timestamps">,
): AsyncGenerator<string, void, undefined> {
  for await (const { rows } of pages)
    if (rows.length > 0) yield rows.map(row => `${JSON.stringify(lineReply(row, timestamps))}\n`).join("");
}

function lineReply({ line, number, toByte, container, isPart, goesOn }: LogRow, timestamps: boolean): LogLineReply {
  const { ts, by, text } = goesOn ? { text: line } : parseLine(line);
  return {
    ...(number === undefined ? {} : { line: number }),
    ...(ts === undefined || !timestamps ? {} : { ts }),
    ...(by === undefined ? {} : { by }),
    ...(container === undefined ? {} : { container }),
    text,
    ...(toByte === undefined ? {} : { toByte }),
    ...(isPart ? { part: true } : {}),
  };
}
