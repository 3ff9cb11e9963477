import type { LogLineReply } from "#contract/log-lines.ts";

const STAMPED = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z|-) (.*)$/s;
const MARKED = /^(kubelet|event|windlass): (.*)$/s;

/** A line as a followed log brings it: a stamp and text, or a dash, who speaks, and text. docs/reference/logs.md */
export function parseLine(line: string): LogLineReply {
  const [, stamp, text] = STAMPED.exec(line) ?? [];
  if (stamp === undefined || text === undefined) return { text: line };
  if (stamp !== "-") return { at: stamp, text };
  const [, by, words] = MARKED.exec(text) ?? [];
  return words === undefined ? { text } : { by: by as LogLineReply["by"], text: words };
}
