import type { z } from "zod";
import type { Schedule } from "#core/dag-spec.ts";
import type { DagOptions } from "./dag-options.ts";

/** Names for common schedules, as cron has them. */
const PRESETS = {
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
  "@quarterly": "0 0 1 */3 *",
  "@yearly": "0 0 1 1 *",
} as const;

export type SchedulePreset = keyof typeof PRESETS;

/** The schedule as the DagSpec holds it. Presets become cron; whether cron is right is checked on the spec. */
export function scheduleOf(input: NonNullable<z.output<typeof DagOptions>["schedule"]>): Schedule {
  if (typeof input === "string") return { cron: [cronOf(input)] };
  return Array.isArray(input) ? { cron: input.map(cronOf) } : { everyMs: input.every };
}

const cronOf = (text: string): string => (text in PRESETS ? PRESETS[text as SchedulePreset] : text.trim());

/** What to say about a name that is no preset. */
export function presetProblem(text: string): string {
  if (text === "@once" || text === "@continuous") {
    return `${text} is not supported; leave the schedule out and start the run by hand or over the API`;
  }
  return `'${text}' is no preset; use one of ${Object.keys(PRESETS).join(", ")}, or a cron expression`;
}
