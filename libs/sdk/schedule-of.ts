import type { AssetExpression } from "#core/asset.ts";
import type { Schedule } from "#core/dag-spec.ts";
import { AssetCondition } from "./asset.ts";
import { PRESETS, type ScheduleInput } from "./schedule-input.ts";
import { Timetable } from "./timetable.ts";

/**
 * The schedule as the DagSpec holds it. Presets become cron; whether cron is right is checked on the spec.
 * @param instantOf reads a date, and reports one that is none
 */
export function scheduleOf(input: ScheduleInput, instantOf: (value: string | Date) => number | undefined): Schedule {
  if (input === "@once") return { once: true };
  if (input instanceof Timetable) return { timetable: input.name };
  if (input instanceof AssetCondition) return { assets: input.toJSON() };
  if (typeof input === "string" || Array.isArray(input))
    return isAssets(input) ? { assets: expressionOf(input) } : { cron: cronsOf(input) };
  if ("every" in input) return { everyMs: input.every };
  if ("at" in input) return { at: input.at.flatMap(value => instantOf(value) ?? []).sort((a, b) => a - b) };
  const { assets, cron } = input;
  return { assets: expressionOf(assets), ...(cron === undefined ? {} : { cron: cronsOf(cron) }) };
}

type Conditions = AssetCondition | AssetCondition[];

const isAssets = (input: string | string[] | AssetCondition[]): input is AssetCondition[] =>
  typeof input !== "string" && input[0] instanceof AssetCondition;

/** A list means all of them, as in Airflow. */
function expressionOf(given: Conditions): AssetExpression {
  if (given instanceof AssetCondition) return given.toJSON();
  return given.length === 1 ? given[0]!.toJSON() : { all: given.map(part => part.toJSON()) };
}

const cronsOf = (given: string | string[]): string[] => [given].flat().map(cronOf);

const cronOf = (text: string): string => (text in PRESETS ? PRESETS[text as keyof typeof PRESETS] : text.trim());

/** What to say about a name that is no preset. */
export function presetProblem(text: string): string {
  if (text === "@once") return "@once stands alone: it cannot be one of several";
  if (text === "@continuous") return `${text} is not supported; give a short interval and maxActiveRuns: 1`;
  return `'${text}' is no preset; use one of @once, ${Object.keys(PRESETS).join(", ")}, or a cron expression`;
}
