import { z } from "zod";
import { parseDuration } from "#core/duration.ts";

/** A duration that may lie before what it is counted from: "2h", "-30m", or milliseconds. */
export const SignedDurationMs = z.union([z.number().int(), z.string()]).transform((value, context) => {
  if (typeof value === "number") return value;
  const ms = parseDuration(value.replace(/^-/, ""));
  if (ms === undefined) {
    context.addIssue({ code: "custom", message: `"${value}" is not a duration; write for example "2h" or "-30m"` });
    return z.NEVER;
  }
  return value.startsWith("-") ? -ms : ms;
});
