/** "2026-11-24T20:00:00.000Z" → "2026-11-24T20:00:00Z": what a column has room for. */
export const shortInstant = (instant: string | undefined): string | undefined => instant?.replace(/\.\d{3}Z$/, "Z");

/** Time between two instants, or until now, in ms. */
export const lengthMs = (from: string | undefined, until: string | undefined, now: number): number | undefined =>
  from === undefined ? undefined : Math.max(0, (until === undefined ? now : Date.parse(until)) - Date.parse(from));
