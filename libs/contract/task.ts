import { z } from "zod";
import { InstanceId } from "#core/id.ts";
import { TASK_STATES } from "#core/run.ts";
import { TaskSpec } from "#core/task-spec.ts";
import { commaList, Flag, orderBy, PageLinks, pageQuery } from "./list.ts";
import { TaskReply, TimelineReply } from "./run.ts";
import { RunId } from "./run-id.ts";

const Operator = z.enum(TaskSpec.options.map(({ shape }) => shape.operator.value));

export const ListTasksQuery = z.strictObject({
  state: commaList(z.enum(TASK_STATES)).optional(),
  operator: commaList(Operator).optional(),
  /** Only instances of this mapped task. */
  instancesOf: InstanceId.optional(),
  /** false: mapped tasks without their instances. */
  instances: Flag.default(true),
  /** "position": as in the DAG's file, instances behind their task. */
  order: orderBy("position", "startedAt").default("position"),
  ...pageQuery(100),
});

export const TaskListReply = z.object({
  tasks: z.array(TaskReply),
  /** Of the run, before any condition, by state. */
  counts: z.partialRecord(z.enum(TASK_STATES), z.int()),
  links: PageLinks,
});

export const TryParams = z.strictObject({
  runId: RunId,
  taskId: InstanceId,
  try: z.coerce.number().int().min(1).max(100_000),
});

export const TryPodQuery = z.strictObject({
  /** Which infrastructure restart of the try. Default: the last. */
  infra: z.coerce.number().int().min(0).max(100_000).optional(),
});

/** The pod of a try: what it was asked to be, and what became of it. */
export const TryPodReply = z.object({
  taskId: z.string(),
  try: z.int(),
  infra: z.int(),
  /** Made again from the run's version of the DAG, the texts as they were rendered, and the settings of the workers that are there now. */
  manifest: z.record(z.string(), z.unknown()),
  /** The manifest; behind every value the layer that set it. */
  yaml: z.string(),
  /** What may differ from the pod that was sent: plugins, and texts too long to be kept. */
  caveats: z.array(z.string()),
  /** Where it was. Absent: it was never created. */
  pod: z.object({ namespace: z.string(), name: z.string(), uid: z.string(), node: z.string().optional() }).optional(),
  timeline: TimelineReply.optional(),
  /** What the worker says of it, while the try is under way: `phase`, `reason`, … */
  note: z.record(z.string(), z.unknown()).optional(),
  links: z.object({ task: z.string(), logs: z.string() }),
});

export const OutputsReply = z.object({
  /** By task: any JSON. Tasks without a result are absent. */
  outputs: z.record(z.string(), z.unknown()),
});

export const OutputReply = z.object({ taskId: z.string(), output: z.unknown() });
