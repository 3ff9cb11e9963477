import { errorLine } from "./error-line.ts";
import { type LogBuffer, WINDOW } from "./log-buffer.ts";

/** Where a log opens: at its beginning, at its end, or where it says why it failed. */
export type LogStart = "beginning" | "end" | "error";

interface StartLine {
  line: number;
  align: "center" | "end" | "start";
  /** The line that says why. */
  errorAt?: number;
}

/** Loads what is to be seen first and says where it is. @returns undefined when there is no log */
export async function startLine(
  log: LogBuffer,
  { line, start }: { line: number | undefined; start: LogStart },
): Promise<StartLine | undefined> {
  if (line !== undefined) {
    const reply = await log.load(Math.max(1, line - WINDOW / 2));
    return reply && { line: Math.min(line, Math.max(1, reply.total)), align: "center" };
  }
  const reply = await log.load(start === "beginning" ? 1 : -WINDOW);
  if (reply === undefined || reply.total === 0) return undefined;
  if (start === "beginning") return { line: 1, align: "start" };
  const at = start === "error" ? errorLine(reply.lines.map(({ by, text }) => (by === undefined ? text : ""))) : undefined;
  if (at === undefined) return { line: reply.total, align: "end" };
  return { line: reply.from + at, align: "center", errorAt: reply.from + at };
}
