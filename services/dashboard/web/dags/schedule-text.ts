import cronstrue from "cronstrue";
import type { DagReply } from "#contract/dag.ts";
import { formatDuration } from "../ui/format-duration.ts";

type Schedule = NonNullable<DagReply["schedule"]>;

/** When a DAG starts by itself, in words. undefined: only by hand. */
export function scheduleText(schedule: Schedule | undefined): string | undefined {
  if (schedule === undefined) return undefined;
  if ("everyMs" in schedule) return `Every ${formatDuration(schedule.everyMs)}`;
  if ("once" in schedule) return "Once";
  if ("at" in schedule) return schedule.at.length === 1 ? "At one instant" : `At ${schedule.at.length} instants`;
  if ("timetable" in schedule) return `By its timetable ${schedule.timetable}`;
  if ("assets" in schedule) {
    const cron = schedule.cron === undefined ? "" : ` or ${lower(cronText(schedule.cron))}`;
    return `When ${assetText(schedule.assets)} updated${cron}`;
  }
  return cronText(schedule.cron);
}

/** The cron expression itself, where there is one. */
export const cronOf = (schedule: Schedule | undefined): string | undefined =>
  schedule !== undefined && "cron" in schedule ? schedule.cron?.join(" and ") : undefined;

function cronText(expressions: readonly string[]): string {
  const texts = expressions.map(expression =>
    cronstrue.toString(expression, { use24HourTimeFormat: true, throwExceptionOnParseError: false }),
  );
  return texts.map((text, i) => (i === 0 ? text : lower(text))).join(" and ");
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** An expression of assets is a name, or lists of them. */
function assetText(expression: unknown): string {
  if (typeof expression === "string") return `${expression} is`;
  const names = JSON.stringify(expression).match(/"[^"]+"(?!:)/g) ?? [];
  return names.length === 1 ? `${names[0]?.slice(1, -1)} is` : `${names.length} assets are`;
}
