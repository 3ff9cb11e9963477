import { z } from "zod";
import { AssetExpression } from "./asset.ts";
import { Id } from "./id.ts";
import { Deadline, Notices } from "./notice.ts";
import { PodPatch } from "./pod/pod-patch.ts";
import { TaskSpec } from "./task-spec.ts";

/** The DAG that runs of single pods belong to. It has no file and cannot be triggered. */
export const ADHOC_DAG = "adhoc";

/** The longest bundle. It travels in a variable of the pod, of which Linux takes 128 KiB. */
export const MAX_BUNDLE_BYTES = 96 * 1024;

const Instant = z.number().int();

/**
 * When runs start by themselves: cron expressions (five or six fields), a fixed interval counted from the epoch, once, at listed instants,
 * when assets were updated (`cron` beside them: at its ticks, too), or when a timetable in the DAG file says so: the loader child asks it
 * for the ticks of some time ahead, which are stored beside the DAG.
 */
export const Schedule = z.union([
  z.strictObject({ cron: z.array(z.string().min(1)).min(1) }),
  z.strictObject({ everyMs: z.number().int().min(1_000) }),
  z.strictObject({ once: z.literal(true) }),
  z.strictObject({ at: z.array(Instant).min(1) }),
  z.strictObject({ assets: AssetExpression, cron: z.array(z.string().min(1)).min(1).optional() }),
  z.strictObject({ timetable: z.string().min(1) }),
]);
export type Schedule = z.infer<typeof Schedule>;

/** How a task's priority comes about: its own, or with all that is before or after it. */
export const WeightRule = z.enum(["absolute", "downstream", "upstream"]);
export type WeightRule = z.infer<typeof WeightRule>;

/** A name that tasks have in common: its tasks are those whose ids begin with its id and a dot. Nothing is decided by it; pages draw it. */
export const TaskGroup = z.strictObject({ id: Id, description: z.string().optional() });
export type TaskGroup = z.infer<typeof TaskGroup>;

/** A workflow as plain data: what a DAG file evaluates to, and all that the rest of Windlass knows of it. */
export const DagSpec = z.strictObject({
  id: Id,
  description: z.string().optional(),
  owner: z.string().optional(),
  tags: z.array(z.string()).default([]),
  schedule: Schedule.optional(),
  /** IANA name; cron fields are read in it. */
  timezone: z.string().default("UTC"),
  startAt: Instant.optional(),
  endAt: Instant.optional(),
  /** true: every missed tick is made up; false: only the latest one. */
  catchup: z.boolean().default(false),
  /** true: a run starts at the end of its interval and its logical date is the interval's start. Absent: at the tick, which is both. */
  dataInterval: z.boolean().optional(),
  /** A run starts up to so much after its tick: the same delay for a DAG whenever it is asked. */
  jitterMs: z.number().int().min(0).optional(),
  maxActiveRuns: z.number().int().min(1).default(16),
  /** At most so many tasks of all its runs at once. Absent: no limit. */
  maxActiveTasks: z.number().int().min(1).optional(),
  /** At most so many tasks of one run at once. Absent: no limit. */
  maxActiveTasksPerRun: z.number().int().min(1).optional(),
  /** Absent: "absolute". */
  weightRule: WeightRule.optional(),
  /** JSON Schema of the run's parameters, an object; defaults inside. Absent: anything goes. */
  params: z.record(z.string(), z.unknown()).optional(),
  /** A run that takes longer is stopped and has failed. */
  runTimeoutMs: z.number().int().min(1).optional(),
  /** true: a run has failed when any of its tasks has; absent: when one of its leaves has. */
  strict: z.boolean().optional(),
  deadlines: z.array(Deadline).optional(),
  /** About runs. */
  notices: Notices.optional(),
  /** Laid under the pod of every task. */
  podDefaults: PodPatch.optional(),
  /** The DAG file with all that it imports as one module, gzipped, in base64: for the tasks that are functions. */
  bundle: z.string().max(MAX_BUNDLE_BYTES).optional(),
  /** In the order of the file, each before those inside it. Absent: there are none. */
  groups: z.array(TaskGroup).optional(),
  tasks: z.array(TaskSpec).min(1),
});
export type DagSpec = z.infer<typeof DagSpec>;
export type DagSpecInput = z.input<typeof DagSpec>;
