import type { PendingAct } from "./act.ts";
import type { NoticeMoment } from "./notice.ts";
import type { Run, RunState, TaskRun, TaskState } from "./run.ts";

/** Orders, imperative. Each is harmless when repeated: its name is computed. */
export type Decision =
  /** Put job `gen` of the task into the queue. `tryBase` tries were used up by earlier generations. */
  | { type: "enqueue"; taskId: string; gen: number; tryBase: number }
  /** Stop whatever the task's job is doing: remove it when it waits, abort it when a worker holds it. */
  | { type: "stop"; taskId: string; gen: number }
  /** Start the task's waiting job now. */
  | { type: "promote"; taskId: string; gen: number }
  /** Tell whom the DAG names. `taskId` absent: about the run. `ordinal` makes the notice's name. */
  | { type: "notify"; moment: NoticeMoment; taskId?: string; try?: number }
  /** A task with outlets has succeeded. */
  | { type: "updateAssets"; taskId: string; assets: readonly string[] }
  | { type: "endRun"; state: RunState };

/** A task the scheduler moves. The store applies it only if the record still is in one of `from`. */
export interface TaskChange {
  taskId: string;
  from: readonly TaskState[];
  task: TaskRun;
}

export interface Step {
  /** `rev` has grown by one if there is anything to commit. */
  run: Run;
  changes: readonly TaskChange[];
  /** Acts that were folded in: with `rest` they go on waiting, without they are done. */
  acts: readonly { id: string; rest?: PendingAct }[];
  decisions: readonly Decision[];
}
