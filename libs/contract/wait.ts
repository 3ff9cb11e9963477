import { z } from "zod";
import { parseDuration } from "#core/duration.ts";

const LONGEST_MS = 600_000;

/** How long an answer may be held back: "60s", "2m", at most 10 minutes. Read as ms. */
export const Wait = z
  .string()
  .regex(/^(?:\d{1,6}(?:ms|s|m))+$/, 'is no duration; write "60s" or "2m"')
  .transform(text => Math.min(parseDuration(text) ?? 0, LONGEST_MS));
