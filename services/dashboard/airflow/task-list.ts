import type { z } from "zod";
import { DEFAULT_QUEUE } from "#core/queue-name.ts";
import { listQuery } from "./list-query.ts";
import { Many } from "./query.ts";
import { secondsBetween } from "./replies/instant-or-null.ts";
import { dagRunIdOf } from "./run-id.ts";
import { airflowTaskState } from "./states.ts";
import type { TaskRow } from "./task-rows.ts";

const TIMES = {
  run_after: ({ run }: TaskRow): number => run.createdAt,
  logical_date: ({ run }: TaskRow): number | null => run.logicalAt ?? null,
  start_date: ({ task }: TaskRow): number | null => task.startedAt ?? null,
  end_date: ({ task }: TaskRow): number | null => task.endedAt ?? null,
  duration: ({ task }: TaskRow): number | null => secondsBetween(task.startedAt, task.endedAt),
};

const fields = {
  state: ({ task }: TaskRow) => airflowTaskState(task),
  map_index: ({ mapIndex }: TaskRow) => mapIndex,
  try_number: ({ task }: TaskRow) => task.try,
  operator: ({ spec }: TaskRow) => spec.operator,
};

export const TaskListQuery = listQuery(
  {
    oneOf: { ...fields, pool: ({ spec }) => spec.pool ?? "default", queue: ({ spec }) => spec.queue ?? DEFAULT_QUEUE },
    ranges: TIMES,
    texts: {
      task_display_name: ({ spec }) => spec.id,
      dag_id: ({ run }) => run.dagId,
      run_id: ({ run }) => dagRunIdOf(run.id),
    },
    order: { ...TIMES, ...fields, id: ({ id }: TaskRow) => id },
  },
  { task_id: Many.optional() },
);
export type TaskListQuery = z.output<typeof TaskListQuery>;
