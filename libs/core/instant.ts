const SHAPE =
  /^(?<date>\d{4}-\d\d-\d\d)(?:[T ](?<minutes>\d\d:\d\d)(?<seconds>:\d\d)?(?<fraction>\.\d{1,3})?)?(?<zone>Z|[+-]\d\d:\d\d)?$/;
const DAY_MS = 86_400_000;

/**
 * "2026-01-01", "2026-01-01T06:30", "2026-01-01T06:30:00Z", "…+02:00" → milliseconds since the epoch; undefined when it is no date.
 * Without an offset it is wall time in `timezone`, see {@link instantOfWall}.
 */
export function instantIn(text: string, timezone: string): number | undefined {
  const parts = SHAPE.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const wall = `${parts.date}T${parts.minutes ?? "00:00"}${parts.seconds ?? ":00"}${(parts.fraction ?? ".").padEnd(4, "0")}`;
  const asUtc = Date.parse(`${wall}Z`);
  // Date.parse lets 30 February roll over into March.
  if (Number.isNaN(asUtc) || !new Date(asUtc).toISOString().startsWith(wall)) return undefined;
  if (parts.zone !== undefined) {
    const at = Date.parse(wall + parts.zone);
    return Number.isNaN(at) ? undefined : at;
  }
  return instantOfWall(asUtc, timezone);
}

/**
 * The instant at which the zone's clocks show what `wallMs` shows in UTC. Of a wall time that occurs twice the first is meant, one that
 * is skipped moves forward.
 */
export function instantOfWall(wallMs: number, timezone: string): number {
  const before = wallMs - offsetMs(wallMs - DAY_MS, timezone);
  const after = wallMs - offsetMs(wallMs + DAY_MS, timezone);
  const real = [before, after].filter(at => at + offsetMs(at, timezone) === wallMs);
  return real.length > 0 ? Math.min(...real) : before;
}

/** What has not been made before costs 50 µs; a site uses a few zones. */
const formats = new Map<string, Intl.DateTimeFormat>();
const MAX_FORMATS = 100;

function formatOf(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-US", { timeZone: timezone, timeZoneName: "longOffset" });
  if (formats.size >= MAX_FORMATS) formats.clear();
  formats.set(timezone, made);
  return made;
}

/** How far the zone's wall time is ahead of UTC at an instant. */
export function offsetMs(at: number, timezone: string): number {
  const name =
    formatOf(timezone)
      .formatToParts(at)
      .find(part => part.type === "timeZoneName")?.value ?? "";
  const [, sign, hours, minutes, seconds] = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name) ?? [];
  const size = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds ?? 0);
  return (sign === "-" ? -size : size) * 1_000;
}

/** Whether the name is a zone of the IANA database. */
export function isTimezone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
