import { z } from "zod";
import { InstanceId } from "#core/id.ts";
import { TASK_STATES } from "#core/run.ts";
import { Instant } from "./instant.ts";

const TaskState = z.enum(TASK_STATES);

export const LiveTasksQuery = z.strictObject({
  state: TaskState.optional(),
  dagId: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(500),
});

/** Tasks of runs under way, and those that failed in runs of the last 24 hours; without those that wait for others or went well. */
export const LiveTaskListReply = z.object({
  tasks: z.array(
    z.object({
      runId: z.string(),
      dagId: z.string(),
      taskId: InstanceId,
      state: TaskState,
      /** The last try that was begun; 0 before the first. */
      try: z.int(),
      /** Since when it is in the state, as far as that is known. */
      sinceAt: Instant.optional(),
      /** When the next try is due. */
      retryAt: Instant.optional(),
      worker: z.string().optional(),
      /** How its last try ended. */
      code: z.string().optional(),
      message: z.string().optional(),
    }),
  ),
  /** How many there are, by state, whatever state is asked for. */
  counts: z.partialRecord(TaskState, z.int()),
  /** More runs are under way than were looked at. */
  isPartial: z.boolean(),
});
export type LiveTaskListReply = z.infer<typeof LiveTaskListReply>;
