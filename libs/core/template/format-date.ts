import { FilterRefusal } from "./filter.ts";
import { wallOf } from "./zoned-date.ts";

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

const padded = (value: number, digits: number): string => String(value).padStart(digits, "0");

/** Unicode's letters for the parts of a date. `wall` shows in UTC what the zone's clocks show. */
const PARTS: Readonly<Record<string, (wall: Date, offsetMinutes: number) => string>> = {
  yyyy: wall => padded(wall.getUTCFullYear(), 4),
  yy: wall => padded(wall.getUTCFullYear() % 100, 2),
  MMMM: wall => MONTHS[wall.getUTCMonth()]!,
  MMM: wall => MONTHS[wall.getUTCMonth()]!.slice(0, 3),
  MM: wall => padded(wall.getUTCMonth() + 1, 2),
  M: wall => String(wall.getUTCMonth() + 1),
  dd: wall => padded(wall.getUTCDate(), 2),
  d: wall => String(wall.getUTCDate()),
  EEEE: wall => DAYS[wall.getUTCDay()]!,
  EEE: wall => DAYS[wall.getUTCDay()]!.slice(0, 3),
  HH: wall => padded(wall.getUTCHours(), 2),
  H: wall => String(wall.getUTCHours()),
  mm: wall => padded(wall.getUTCMinutes(), 2),
  ss: wall => padded(wall.getUTCSeconds(), 2),
  SSS: wall => padded(wall.getUTCMilliseconds(), 3),
  XXX: (_, offset) => {
    const size = Math.abs(offset);
    return offset === 0 ? "Z" : `${offset < 0 ? "-" : "+"}${padded(Math.floor(size / 60), 2)}:${padded(size % 60, 2)}`;
  },
};

/** A quoted text, letters of one kind, or anything else. */
const PIECES = /'([^']*)'|([A-Za-z])\2*|[^A-Za-z']+|'/g;

/**
 * @param at an instant in the years 0 to 9999
 * @throws FilterRefusal when the pattern has letters that mean nothing
 */
export function formatDate(at: number, pattern: string, timezone: string): string {
  const wallMs = wallOf(at, timezone);
  const wall = new Date(wallMs);
  const offset = Math.round((wallMs - at) / 60_000);
  return pattern.replace(PIECES, (piece, quoted: string | undefined, letter: string | undefined) => {
    if (quoted !== undefined) return quoted === "" ? "'" : quoted;
    if (piece === "'") throw new FilterRefusal("a quote in the pattern has no end");
    if (letter === undefined) return piece;
    if (!Object.hasOwn(PARTS, piece)) {
      throw new FilterRefusal(`'${piece.slice(0, 20)}' in the pattern means nothing; there are ${Object.keys(PARTS).join(", ")}`);
    }
    return PARTS[piece]!(wall, offset);
  });
}
