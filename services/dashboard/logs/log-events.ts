import { type FollowOptions, followedLog } from "./followed-log.ts";
import { rowText } from "./log-format.ts";
import { type LogRow, rowReader } from "./log-row.ts";

export interface LogEventOptions extends FollowOptions {
  timestamps: boolean;
  /** Which rows are told; asked in their order. */
  isAsked: (row: LogRow) => boolean;
}

/**
 * A followed log as server-sent events: `message` events of whole lines whose id is the byte behind them, then `end` with
 * `{"reason": "ended" | "abandoned"}`. Without `end` the stream was cut: connect again with Last-Event-ID. A line of more than half a
 * MiB comes as `part` events and a `message` that ends it.
 */
export async function* logEvents({ timestamps, isAsked, ...options }: LogEventOptions): AsyncGenerator<string, void, undefined> {
  const read = rowReader({ isWhole: false });
  let at = options.fromByte;
  yield "retry: 1000\n\n";
  const followed = followedLog(options);
  try {
    for (let next = await followed.next(); ; next = await followed.next()) {
      if (next.done) {
        if (next.value !== undefined) yield `event: end\nid: ${at}\ndata: ${JSON.stringify({ reason: next.value })}\n\n`;
        return;
      }
      if (next.value === "pulse") {
        yield ": alive\n\n";
        continue;
      }
      const { rows, toByte } = read(next.value);
      at = toByte;
      yield eventsOf(rows.filter(isAsked), toByte, timestamps);
    }
  } finally {
    await followed.return(undefined);
  }
}

function eventsOf(rows: readonly LogRow[], toByte: number, timestamps: boolean): string {
  const text = (row: LogRow) => rowText(row, { timestamps, numbers: false });
  const last = rows.at(-1);
  // Nothing to tell, but a resume need not read it again.
  if (last === undefined) return `id: ${toByte}\n\n`;
  if (!last.isPart) return linesEvent(toByte, rows.map(text));
  const whole = rows.slice(0, -1);
  const before = whole.length === 0 ? "" : linesEvent(whole.at(-1)!.toByte ?? toByte, whole.map(text));
  return `${before}event: part\n${linesEvent(toByte, [text(last)])}`;
}

/** A carriage return ends a line of an event stream as well. */
const linesEvent = (id: number, lines: readonly string[]): string =>
  `id: ${id}\n${lines
    .flatMap(line => line.split(/\r\n|\r/))
    .map(line => `data: ${line}\n`)
    .join("")}\n`;
