import { instantField } from "#contract/instant.ts";
import type { InstancesReply } from "#contract/task-runs.ts";
import type { TaskRun } from "#core/run.ts";

/** A task in one line. */
export const taskLineReply = (task: TaskRun): Omit<InstancesReply["instances"][number], "id" | "index"> => ({
  state: task.state,
  try: task.try,
  ...instantField("queuedAt", task.queuedAt),
  ...instantField("startedAt", task.startedAt),
  ...instantField("endedAt", task.endedAt),
  ...(task.outcome === undefined ? {} : { code: task.outcome.code, message: task.outcome.message }),
});
