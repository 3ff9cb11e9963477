import { z } from "zod";
import { DurationMs } from "#core/duration.ts";
import { AssetConditionInput, AssetPartInput } from "./asset.ts";
import { Timetable } from "./timetable.ts";

/** Names for common schedules, as cron has them. */
export const PRESETS = {
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
  "@quarterly": "0 0 1 */3 *",
  "@yearly": "0 0 1 1 *",
} as const;

type SchedulePreset = keyof typeof PRESETS | "@once";

/** Keeps the presets in an editor's completion although any string is allowed. */
type CronText = SchedulePreset | (string & {});

const cronText = z.custom<CronText>(value => typeof value === "string", { error: "expected a cron expression" });
const crons = z.union([cronText, z.array(cronText).min(1)]);
const conditions = z.union([AssetConditionInput, z.array(AssetConditionInput).min(1)]);
const parts = z.union([AssetPartInput, z.array(AssetPartInput).min(1)]);

/** An instant: text as people write it, read in the DAG's zone, or a Date. */
export const InstantInput = z.union([z.string(), z.date()], { error: 'a date such as "2026-01-31" or "2026-01-31T06:30"' });

/** Everything that a DAG's option `schedule` may be. */
export const ScheduleInput = z.union(
  [
    crons,
    z.strictObject({ every: DurationMs }),
    z.strictObject({ at: z.array(InstantInput).min(1) }),
    conditions,
    z.strictObject({ assets: parts, cron: crons.optional() }),
    z.instanceof(Timetable),
  ],
  {
    error:
      'a cron expression, a list of them, a preset such as "@daily", { every: "10m" }, { at: [dates] }, an asset, { assets, cron } or a timetable',
  },
);
export type ScheduleInput = z.output<typeof ScheduleInput>;
