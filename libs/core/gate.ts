import type { RunHeader } from "./run.ts";
import type { TaskSpec } from "./task-spec.ts";

/** Who decides whether a task whose upstreams are done may go into the queue: pools, limits, the run before. */
export interface Gate {
  /**
   * A yes holds the task's slots at once. After a no the task is `scheduled` until an event `task.admitted` comes.
   * @param taskId an instance's id where the task is mapped
   */
  admit(run: RunHeader, taskId: string, spec: TaskSpec, at: number): boolean;
}

/** No limits. */
export const OPEN_GATE: Gate = { admit: () => true };
