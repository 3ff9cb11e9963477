const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

interface Step {
  belowMs: number;
  unit: [letter: string, ms: number];
  rest?: [letter: string, ms: number];
}

/** From which age on kubectl's AGE drops to coarser units. */
const STEPS: Step[] = [
  { belowMs: 2 * MINUTE, unit: ["s", SECOND] },
  { belowMs: 10 * MINUTE, unit: ["m", MINUTE], rest: ["s", SECOND] },
  { belowMs: 3 * HOUR, unit: ["m", MINUTE] },
  { belowMs: 8 * HOUR, unit: ["h", HOUR], rest: ["m", MINUTE] },
  { belowMs: 2 * DAY, unit: ["h", HOUR] },
  { belowMs: 8 * DAY, unit: ["d", DAY], rest: ["h", HOUR] },
  { belowMs: 2 * YEAR, unit: ["d", DAY] },
  { belowMs: 8 * YEAR, unit: ["y", YEAR], rest: ["d", DAY] },
  { belowMs: Number.POSITIVE_INFINITY, unit: ["y", YEAR] },
];

/** A duration as kubectl prints ages: 45s, 3m20s, 5h, 2d4h. */
export function humanDuration(ms: number): string {
  const positive = Math.max(ms, 0);
  const { unit, rest } = STEPS.find(step => positive < step.belowMs)!;
  const head = `${Math.floor(positive / unit[1])}${unit[0]}`;
  const remainder = rest === undefined ? 0 : Math.floor((positive % unit[1]) / rest[1]);
  return remainder > 0 ? `${head}${remainder}${rest![0]}` : head;
}
