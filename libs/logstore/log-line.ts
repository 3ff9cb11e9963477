/** Who speaks on a line that is not the container's: the node, the cluster's events about the pod, or Windlass itself. */
const SPEAKERS = ["kubelet", "event", "windlass"] as const;
type Speaker = (typeof SPEAKERS)[number];

/** A line a container printed, or a marked line: one that somebody else put between its lines. */
export interface LogLine {
  /** RFC 3339 with up to nine digits, as the kubelet stamps it. Absent on marked lines. */
  ts?: string;
  /** Without the line end. */
  text: string;
  /** Who speaks, when it is not the container. */
  by?: Speaker;
  /** The text goes on where the line before it ended. */
  cont?: true;
  /** The next line goes on with this one. */
  more?: true;
}

const MARKED = new RegExp(`^(${SPEAKERS.join("|")}): (.*)$`, "s");
const STAMPED = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z|-) (.*)$/s;

/**
 * `2026-11-24T20:00:00.123456789Z text` is the container's, `- kubelet: text` somebody else's: a container's line has a stamp
 * where a marked one has a dash, whatever it prints. A line in pieces comes out as one; text with line ends becomes several lines.
 * @param isOpen the line before has no end yet
 */
export function formatLine({ ts, text, by, cont, more }: LogLine, isOpen = false): string {
  if (cont && isOpen) return more ? text : `${text}\n`;
  const end = more ? "" : "\n";
  const head = `${ts ?? "-"} ${by === undefined ? "" : `${by}: `}`;
  const body = text.includes("\n") ? text.split("\n").join(`\n${head}`) : text;
  return isOpen ? `\n${head}${body}${end}` : `${head}${body}${end}`;
}

/** The opposite of {@link formatLine} for one line without its end. Text of unknown shape is a line without a stamp. */
export function parseLine(line: string): LogLine {
  const [, ts, text] = STAMPED.exec(line) ?? [];
  if (ts === undefined || text === undefined) return { text: line };
  if (ts !== "-") return { ts, text };
  const [, by, words] = MARKED.exec(text) ?? [];
  return by === undefined || words === undefined ? { text } : { by: by as Speaker, text: words };
}
