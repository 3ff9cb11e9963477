const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Milliseconds in at most two units: 340 ms · 8.2 s · 45 s · 3 m 10 s · 2 h 05 m · 4 d 3 h. */
export function formatDuration(ms: number): string {
  const span = Math.max(0, ms);
  if (span < SECOND) return `${Math.round(span)} ms`;
  if (span < 10 * SECOND) return `${(Math.floor(span / 100) / 10).toFixed(1)} s`;
  if (span < MINUTE) return `${Math.floor(span / SECOND)} s`;
  if (span < HOUR) return pair(span, MINUTE, "m", SECOND, "s");
  if (span < 2 * DAY) return pair(span, HOUR, "h", MINUTE, "m");
  return pair(span, DAY, "d", HOUR, "h");
}

function pair(span: number, unit: number, name: string, smaller: number, smallerName: string): string {
  const rest = Math.floor((span % unit) / smaller);
  const whole = `${Math.floor(span / unit)} ${name}`;
  return rest === 0 ? whole : `${whole} ${String(rest).padStart(2, "0")} ${smallerName}`;
}

/** "3 m ago", "in 2 h", "now". */
export function formatAgo(atMs: number, nowMs: number): string {
  const span = nowMs - atMs;
  if (Math.abs(span) < 2 * SECOND) return "now";
  const text = formatDuration(coarse(Math.abs(span)));
  return span > 0 ? `${text} ago` : `in ${text}`;
}

/** A second more or less is of no interest after a minute. */
const coarse = (span: number): number =>
  span < MINUTE ? Math.floor(span / SECOND) * SECOND : span < HOUR ? Math.floor(span / MINUTE) * MINUTE : span;
