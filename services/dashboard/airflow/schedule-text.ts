import type { Schedule } from "#core/dag-spec.ts";
import { formatDuration } from "#core/duration.ts";

interface ScheduleText {
  summary: string | null;
  description: string | null;
}

/** What Airflow's pages call a DAG's timetable. */
export function scheduleText(schedule: Schedule | undefined): ScheduleText {
  if (schedule === undefined) return { summary: null, description: "Never, external triggers only" };
  if ("cron" in schedule && !("assets" in schedule)) return { summary: schedule.cron.join(", "), description: null };
  if ("everyMs" in schedule) {
    const every = formatDuration(schedule.everyMs);
    return { summary: every, description: `Every ${every}` };
  }
  if ("once" in schedule) return { summary: "@once", description: "Once, as soon as possible" };
  if ("at" in schedule) return { summary: `${schedule.at.length} dates`, description: "At listed dates" };
  if ("assets" in schedule) return { summary: "Asset", description: "Triggered by assets" };
  return { summary: schedule.timetable, description: null };
}

/** Whether it has ticks that lie in the past, so that a backfill can make up for them. */
export const isPeriodic = (schedule: Schedule | undefined): boolean =>
  schedule !== undefined && ("cron" in schedule || "everyMs" in schedule || "timetable" in schedule);
