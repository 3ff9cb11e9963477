import type { DagSpec } from "./dag-spec.ts";
import { type Reason, reason } from "./reason.ts";

/** What has to be known to say why no run of a DAG starts now. */
export interface WhyNoRunView {
  /** Now. */
  at: number;
  spec: Pick<DagSpec, "schedule" | "startAt" | "endAt">;
  paused: boolean;
  /** When the schedule's next run starts; undefined: never. */
  nextAt: number | undefined;
}

/** Why the schedule of a DAG starts no run now, or when it does. Never empty. */
export function whyNoRun({ at, spec, paused, nextAt }: WhyNoRunView): Reason[] {
  const { schedule, startAt, endAt } = spec;
  if (schedule === undefined) return [reason("unscheduled", {})];
  return [
    ...(paused ? [reason("dag-paused", {})] : []),
    ...(startAt !== undefined && startAt > at ? [reason("schedule-starts", { at: startAt })] : []),
    ...(endAt !== undefined && endAt < at ? [reason("schedule-ended", { at: endAt })] : []),
    ...(nextAt !== undefined && !paused ? [reason("next-run", { at: nextAt })] : []),
  ];
}
