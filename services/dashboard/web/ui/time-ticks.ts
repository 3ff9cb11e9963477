const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const STEPS = [
  MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  7 * DAY,
];

/**
 * Round instants for an axis, at most `most` of them.
 * @param offsetMs what the shown zone is ahead of UTC, so that they are round there
 */
export function timeTicks(fromAt: number, untilAt: number, most: number, offsetMs = 0): number[] {
  const step = STEPS.find(one => (untilAt - fromAt) / one <= most) ?? Math.ceil((untilAt - fromAt) / most / DAY) * DAY;
  const ticks: number[] = [];
  for (let at = Math.ceil((fromAt + offsetMs) / step) * step - offsetMs; at <= untilAt; at += step) ticks.push(at);
  return ticks;
}

/** Round values from 0 for an axis of durations or counts, at most `most` of them besides 0. */
export function roundSteps(max: number, most: number, units: readonly number[]): number[] {
  const step = units.find(unit => max / unit <= most) ?? 10 ** Math.ceil(Math.log10(max / most));
  return Array.from({ length: Math.floor(max / step) + 1 }, (_, i) => i * step);
}

/** Steps that people read well on an axis of durations in ms. */
export const DURATION_STEPS: readonly number[] = [
  100,
  250,
  500,
  1_000,
  2_000,
  5_000,
  10_000,
  15_000,
  30_000,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
];
