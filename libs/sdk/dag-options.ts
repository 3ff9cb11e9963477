import { z } from "zod";
import { WeightRule } from "#core/dag-spec.ts";
import { DurationMs } from "#core/duration.ts";
import { PodPatch } from "#core/pod/pod-patch.ts";
import { DeadlineInput } from "./deadline-input.ts";
import { runNotices } from "./notice-options.ts";
import { ParamsInput } from "./params-schema.ts";
import { InstantInput, ScheduleInput } from "./schedule-input.ts";
import { DefaultArgs } from "./task-options.ts";
import type { Templated } from "./templated.ts";

export const DagOptions = z.strictObject({
  /**
   * When runs start by themselves: a cron expression with five or six fields, several of them, a preset such as "@daily", "@once", a
   * fixed interval `{ every: "10m" }` counted from the epoch, listed instants `{ at: ["2026-01-31T06:30"] }`, when assets were updated
   * (`asset("s3://lake/orders")`, `asset.all(…)`, `asset.any(…)`, a list: all), at both `{ assets, cron }`, or a {@link timetable}.
   * Default: only when somebody starts one.
   */
  schedule: ScheduleInput.optional(),
  /** IANA name of the zone that cron fields and dates are read in. Default: "UTC". */
  timezone: z.string().optional(),
  /** No scheduled run before it: "2026-01-31", "2026-01-31T06:30", with "Z" or an offset if it is not wall time in `timezone`, or a Date. */
  startDate: InstantInput.optional(),
  /** No scheduled run after it; the instant itself counts. */
  endDate: InstantInput.optional(),
  /** true: every tick missed while the scheduler was away is made up; false: only the latest one. Default: false. */
  catchup: z.boolean().optional(),
  /**
   * true: a run is about the time between two ticks; it starts at its end, and its logical date, startDate and endDate speak of its start.
   * Default: false, a run starts at its tick, and the tick is its logical date.
   */
  dataInterval: z.boolean().optional(),
  /** Spreads DAGs of one schedule: a run starts up to so much after its tick, always equally late. Default: "0s". */
  jitter: DurationMs.optional(),
  /** How many runs of the DAG may be under way at once. Default: 16. */
  maxActiveRuns: z.number().int().min(1).optional(),
  /** How many tasks of all its runs may be live at once. Default: no limit. */
  maxActiveTasks: z.number().int().min(1).optional(),
  /** How many tasks of one run may be live at once. Default: no limit. */
  maxActiveTasksPerRun: z.number().int().min(1).optional(),
  /**
   * How a task's weight among those that wait comes about: "absolute" is its own priority, "downstream" adds those of all that comes after
   * it, "upstream" of all before it. Default: "absolute".
   */
  weightRule: WeightRule.optional(),
  /** A run that takes longer is stopped and has failed: "6h". Default: no limit. */
  runTimeout: DurationMs.refine(ms => ms > 0, { error: "a timeout must be longer than 0" }).optional(),
  /** true: a run has failed when any of its tasks has; false: when a task has that nothing follows. Default: false. */
  strict: z.boolean().optional(),
  /** Moments by which a run should have ended: [{ from: "logical", after: "2h", notify: notify.slack() }]. Default: none. */
  deadlines: z.array(DeadlineInput).optional(),
  ...runNotices,
  /**
   * What a run can be started with: z.object({ country: z.enum(["DE", "FR"]).default("DE") }). Starting one with anything else is refused;
   * with a schedule every parameter needs a default. Tasks name them `params.country`. Default: anything goes.
   */
  params: ParamsInput.optional(),
  /** Words to find the DAG by. Default: none. */
  tags: z.array(z.string()).optional(),
  /** Who answers for the DAG. */
  owner: z.string().optional(),
  /** One sentence for the dashboard. */
  description: z.string().optional(),
  /** A part of a Pod that is laid under the pod of every task: { spec: { priorityClassName: "batch" } }. The task's container is "main". */
  podDefaults: PodPatch.optional(),
  /** What holds for every task that does not say otherwise. */
  defaultArgs: DefaultArgs.optional(),
});
/** Options of a DAG, under Airflow's names. */
export interface DagOptions<Params extends z.ZodObject = z.ZodObject>
  extends Omit<z.input<typeof DagOptions>, "params" | "defaultArgs" | "podDefaults"> {
  params?: Params | undefined;
  defaultArgs?: DefaultArgs | undefined;
  podDefaults?: Templated<PodPatch> | undefined;
}
