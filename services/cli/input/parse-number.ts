import { parseDuration } from "#core/duration.ts";
import { WindlassError } from "#core/errors.ts";

/** A whole number from `min` on. @throws WL_CLI_USAGE */
export const wholeNumber =
  (min: number) =>
  (text: string): number => {
    if (/^\d+$/.test(text) && Number(text) >= min) return Number(text);
    throw new WindlassError("WL_CLI_USAGE", `'${text}' is no whole number from ${min} on`);
  };

/** "90s", "5m", "1h30m" → milliseconds. @throws WL_CLI_USAGE */
export function durationMs(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new WindlassError("WL_CLI_USAGE", `'${text}' is no duration; write for example 90s, 5m or 1h30m`);
  return ms;
}
