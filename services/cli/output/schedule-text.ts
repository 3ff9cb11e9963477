import type { DagReply } from "#contract/dag.ts";
import { formatDuration } from "#core/duration.ts";

/** A schedule in a few words; undefined without one. */
export function scheduleText(schedule: DagReply["schedule"]): string | undefined {
  if (schedule === undefined) return undefined;
  if ("assets" in schedule) return schedule.cron === undefined ? "assets" : `assets, ${schedule.cron.join(" and ")}`;
  if ("cron" in schedule) return schedule.cron.join(" and ");
  if ("everyMs" in schedule) return `every ${formatDuration(schedule.everyMs)}`;
  if ("timetable" in schedule) return `timetable ${schedule.timetable}`;
  return "once" in schedule ? "once" : `${schedule.at.length} dates`;
}
