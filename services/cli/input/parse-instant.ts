import { parseDuration } from "#core/duration.ts";
import { WindlassError } from "#core/errors.ts";

const RELATIVE = /^(?<sign>[-+])(?<length>\S+)$/;
const DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)?(?<zone>Z|[-+]\d{2}:?\d{2})?$/;

/**
 * "now", "-2h", "+1d", "2026-11-01", "2026-11-01T06:30Z" → milliseconds. A date without a zone is UTC.
 * @throws WL_CLI_USAGE
 */
export function parseInstant(text: string, now: number): number {
  if (text === "now") return now;
  const { sign, length } = RELATIVE.exec(text)?.groups ?? {};
  const ms = length === undefined ? undefined : parseDuration(length);
  if (ms !== undefined) return sign === "-" ? now - ms : now + ms;
  const date = DATE.exec(text);
  const isWall = date !== null && date.groups?.zone === undefined && text.length > 10;
  const at = date === null ? Number.NaN : Date.parse(`${text.replace(" ", "T")}${isWall ? "Z" : ""}`);
  if (!Number.isNaN(at)) return at;
  throw new WindlassError("WL_CLI_USAGE", `'${text}' is no time; write for example 2026-11-01, 2026-11-01T06:30Z, -2h or now`);
}

/** A date for the server to read: what is relative becomes an instant, a date stays wall time in the DAG's zone. @throws WL_CLI_USAGE */
export function dateText(text: string, now: number): string {
  const at = parseInstant(text, now);
  return DATE.test(text) ? text.replace(" ", "T") : new Date(at).toISOString();
}
