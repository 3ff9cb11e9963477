/** How much of an instant is written. "auto": the time of today, day and time of this year, else all. */
export type InstantStyle = "auto" | "time" | "day" | "full" | "exact";

const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** 2026-11-25, 03:12:09, 482, in the zone. Formatters are costly to make and cheap to use. */
function partsOf(atMs: number, zone: string): Record<string, string> {
  let format = FORMATS.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      fractionalSecondDigits: 3,
    });
    FORMATS.set(zone, format);
  }
  return Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** An instant in a zone. `nowMs` decides what "auto" may leave out. */
export function formatInstant(atMs: number, zone: string, style: InstantStyle, nowMs: number): string {
  const { year, month, day, hour, minute, second, fractionalSecond } = partsOf(atMs, zone);
  const date = `${year}-${month}-${day}`;
  const time = `${hour}:${minute}:${second}`;
  switch (style) {
    case "time":
      return time;
    case "day":
      return date;
    case "full":
      return `${date} ${time}`;
    case "exact":
      return `${date} ${time}.${fractionalSecond}`;
    case "auto": {
      const today = partsOf(nowMs, zone);
      if (date === `${today.year}-${today.month}-${today.day}`) return time;
      const short = `${Number(day)} ${MONTHS[Number(month) - 1]} ${hour}:${minute}`;
      return year === today.year ? short : `${date} ${hour}:${minute}`;
    }
  }
}

/** "UTC", "Europe/Berlin (+01:00)": a zone with what it is ahead of UTC at the instant. */
export function zoneLabel(zone: string, atMs: number): string {
  if (zone === "UTC") return "UTC";
  const offset = new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeZoneName: "longOffset" })
    .formatToParts(atMs)
    .find(({ type }) => type === "timeZoneName")?.value;
  return `${zone} (${offset === "GMT" ? "+00:00" : (offset ?? "").replace("GMT", "")})`;
}
