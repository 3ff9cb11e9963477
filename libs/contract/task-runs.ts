import { z } from "zod";
import { InstanceId } from "#core/id.ts";
import { TASK_STATES } from "#core/run.ts";
import { DagParams } from "./dag.ts";
import { Instant } from "./instant.ts";
import { RunReply } from "./run.ts";

const TaskState = z.enum(TASK_STATES);

/** What one line about a task of a run says. */
const TaskLine = {
  state: TaskState,
  /** The last try that was begun; 0 before the first. */
  try: z.int(),
  queuedAt: Instant.optional(),
  startedAt: Instant.optional(),
  endedAt: Instant.optional(),
  /** How its last try ended. */
  code: z.string().optional(),
  message: z.string().optional(),
};

export const DagTaskParams = DagParams.extend({ taskId: InstanceId });

export const TaskRunsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  /** Only runs created before this run. */
  before: z.string().optional(),
});

/** One task in the runs of its DAG, newest first. Runs in which it has no record yet are left out. */
export const TaskRunsReply = z.object({
  runs: z.array(
    z.object({
      runId: z.string(),
      runState: RunReply.shape.state,
      createdAt: Instant,
      logicalAt: Instant.optional(),
      ...TaskLine,
    }),
  ),
});
export type TaskRunsReply = z.infer<typeof TaskRunsReply>;

export const InstancesQuery = z.strictObject({
  state: TaskState.optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  offset: z.coerce.number().int().min(0).default(0),
});

/** The instances of a mapped task. Those that have no record wait. */
export const InstancesReply = z.object({
  /** How many it has; 0: its list is not known yet. */
  total: z.int(),
  /** How many are in each state. */
  counts: z.partialRecord(TaskState, z.int()),
  /** How many of them the query asks for. */
  matching: z.int(),
  instances: z.array(z.object({ id: z.string(), index: z.int(), ...TaskLine })),
});
export type InstancesReply = z.infer<typeof InstancesReply>;
