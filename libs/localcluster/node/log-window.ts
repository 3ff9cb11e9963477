/** One line of a container's log: when it was written, which stream, the text without its newline. */
export interface LogLine {
  /** RFC 3339 with exactly nine digits of fraction, as a container runtime writes it. */
  stamp: string;
  text: string;
}

/** Which part of a log is asked for. */
export interface LogWindow {
  /** Lines before this instant are left out. Whole seconds, as the API server passes it on to the node. */
  sinceAt?: number;
  tailLines?: number;
  limitBytes?: number;
  timestamps?: boolean;
}

/** A line as it is sent. */
export const renderLine = ({ stamp, text }: LogLine, timestamps: boolean | undefined): string =>
  timestamps ? `${stamp} ${text}\n` : `${text}\n`;

const isSince = (line: LogLine, sinceAt: number | undefined): boolean =>
  sinceAt === undefined || Date.parse(`${line.stamp.slice(0, 19)}Z`) >= sinceAt;

/** The lines of a window: the tail first, then the instant, like the kubelet. `limitBytes` is applied to the rendered text by {@link cutText}. */
export function linesIn(lines: readonly LogLine[], { sinceAt, tailLines }: LogWindow): LogLine[] {
  const tail = tailLines === undefined ? lines : tailLines === 0 ? [] : lines.slice(-tailLines);
  return tail.filter(line => isSince(line, sinceAt));
}

/** At most `limitBytes` bytes of the text; undefined is no limit. A character is never cut in half. */
export function cutText(text: string, limitBytes: number | undefined): string {
  if (limitBytes === undefined || Buffer.byteLength(text) <= limitBytes) return text;
  return new TextDecoder().decode(Buffer.from(text).subarray(0, limitBytes), { stream: true });
}

/** The instant a query names, in milliseconds and whole seconds: `sinceSeconds` counts back from now, `sinceTime` loses its fraction. */
export function sinceInstant(
  sinceTimeMs: number | undefined,
  sinceSeconds: number | undefined,
  nowMs: number,
): number | undefined {
  const at = sinceTimeMs ?? (sinceSeconds === undefined ? undefined : nowMs - sinceSeconds * 1_000);
  return at === undefined ? undefined : Math.floor(at / 1_000) * 1_000;
}
