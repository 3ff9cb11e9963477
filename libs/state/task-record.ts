import type { TaskRun, TaskState } from "#core/run.ts";

const HEAD = /^([a-z_]+)\|(\d+)\|(\d+)\|(\d+)\|(\d+)\|/;

/**
 * A task as it is stored: `state|gen|try|epoch|infra|json`. Scripts compare the head; the json carries the rest.
 * `queuedAt` and `startedAt` come first in the json, because beginTry.lua finds them by their place.
 */
export function formatTaskRecord(task: TaskRun): string {
  const { state, gen, try: tryNumber, epoch, infra, queuedAt, startedAt, ...rest } = task;
  return `${state}|${gen}|${tryNumber}|${epoch}|${infra}|${JSON.stringify({ queuedAt, startedAt, ...rest })}`;
}

/** Reads what {@link formatTaskRecord} wrote. Throws a SyntaxError on anything else. */
export function parseTaskRecord(text: string): TaskRun {
  const head = HEAD.exec(text);
  if (head === null) throw new SyntaxError(`not a task record: ${text.slice(0, 80)}`);
  return {
    ...(JSON.parse(text.slice(head[0].length)) as Partial<TaskRun>),
    state: head[1] as TaskState,
    gen: Number(head[2]),
    try: Number(head[3]),
    epoch: Number(head[4]),
    infra: Number(head[5]),
  };
}
