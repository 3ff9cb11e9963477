import { z } from "zod";

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const SHAPE = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;

/** "90s", "1h30m", "250ms" → milliseconds; undefined when it is not a duration. */
export function parseDuration(text: string): number | undefined {
  if (!SHAPE.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(PART)) total += Number(amount) * UNITS[unit as keyof typeof UNITS];
  return Math.round(total);
}

/** A hundred years: an instant that is so far away can still be written as a date. */
const LONGEST_MS = 36_525 * 86_400_000;

/** A duration as people write it ("10s", "5m", "1h30m", or a number of milliseconds), read into whole milliseconds from 0 to a hundred years. */
export const DurationMs = z.union([z.number().int().min(0), z.string()]).transform((value, context) => {
  const ms = typeof value === "number" ? value : parseDuration(value);
  if (ms === undefined) {
    context.addIssue({ code: "custom", message: `"${value}" is not a duration; write for example "10s", "5m" or "1h30m"` });
    return z.NEVER;
  }
  if (ms > LONGEST_MS) {
    context.addIssue({ code: "custom", message: `"${value}" is longer than a hundred years` });
    return z.NEVER;
  }
  return ms;
});

/** 90_000 → "1m30s"; for sentences, not for storage. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)}ms`;
  let rest = Math.round(ms / 1_000);
  const parts: string[] = [];
  for (const [unit, size] of [
    ["d", 86_400],
    ["h", 3_600],
    ["m", 60],
    ["s", 1],
  ] as const) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.slice(0, 2).join("") || "0s";
}
