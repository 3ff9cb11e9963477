import type { z } from "zod";
import type { DagOptions } from "./dag-options.ts";
import { deadlineOf } from "./deadline-input.ts";
import { noticesOf } from "./notice-options.ts";
import { scheduleOf } from "./schedule-of.ts";

/** Reads a date of the option named; what is no date is reported, and undefined. */
export type InstantReader = (option: string, value: string | Date) => number | undefined;

/** What a DagSpec says beside its id and tasks. */
export function headOf(options: z.output<typeof DagOptions>, timezone: string, instantOf: InstantReader) {
  const { schedule, startDate, endDate, jitter, runTimeout, deadlines, onSuccess, onFailure, onDeadline, ...rest } = options;
  const { defaultArgs: _, ...same } = rest;
  return {
    ...same,
    timezone,
    startAt: startDate === undefined ? undefined : instantOf("startDate", startDate),
    endAt: endDate === undefined ? undefined : instantOf("endDate", endDate),
    jitterMs: jitter,
    schedule: schedule === undefined ? undefined : scheduleOf(schedule, value => instantOf("schedule.at", value)),
    runTimeoutMs: runTimeout,
    notices: noticesOf({ onSuccess, onFailure, onDeadline }),
    deadlines: deadlines?.map((deadline, index) => deadlineOf(deadline, value => instantOf(`deadlines.${index}.from`, value))),
  };
}
