/** A line a container printed. */
export interface LogLine {
  /** RFC 3339 with up to nine digits, as the kubelet stamps it. Absent: not the container's words but the kubelet's or Windlass'. */
  ts?: string;
  /** Without the line end. */
  text: string;
}

const STAMPED = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z|-) (.*)$/s;

/** `2026-11-24T20:00:00.123456789Z text`; `-` stands where no stamp is. Text with line ends becomes several lines. */
export function formatLine({ ts = "-", text }: LogLine): string {
  if (!text.includes("\n")) return `${ts} ${text}\n`;
  return text
    .split("\n")
    .map(part => `${ts} ${part}\n`)
    .join("");
}

/** The opposite of {@link formatLine} for one line without its end. Text of unknown shape is a line without a stamp. */
export function parseLine(line: string): LogLine {
  const [, ts, text] = STAMPED.exec(line) ?? [];
  if (ts === undefined || text === undefined) return { text: line };
  return ts === "-" ? { text } : { ts, text };
}
