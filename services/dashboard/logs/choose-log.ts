import type { TaskRun } from "#core/run.ts";
import type { LogRef } from "#logstore/log-store.ts";
import { isRedisAway } from "../http/redis-away.ts";
import type { Ports } from "../ports.ts";

/** In place of a container's name: all of a try's. */
export const ALL = "*";

interface Choice {
  try?: number | undefined;
  infra?: number | undefined;
  container: string;
  follow: boolean;
}

/** The last try unless one is named. Of its restarts: the one under way when it is to be followed, else the last that printed. */
export async function chooseLog(
  of: { runId: string; taskId: string },
  choice: Choice,
  task: TaskRun,
  { logs }: Pick<Ports, "logs">,
): Promise<Required<LogRef>> {
  const tryNumber = choice.try ?? Math.max(task.try, 1);
  const ref = { ...of, try: tryNumber, container: choice.container };
  if (choice.infra !== undefined) return { ...ref, infra: choice.infra };
  if (choice.follow && tryNumber === task.try) return { ...ref, infra: task.infra };
  const isAsked = (container: string) => choice.container === ALL || container === choice.container;
  const kept = (await logs.list(of.runId, of.taskId)).filter(log => log.try === tryNumber && isAsked(log.container));
  return { ...ref, infra: kept.at(-1)?.infra ?? 0 };
}

/** Nothing will be appended any more, although no writer has closed the log: its worker died and nobody took over. */
export async function isLogOver(ref: Required<LogRef>, { runs }: Pick<Ports, "runs">): Promise<boolean> {
  try {
    const task = await runs.getTask(ref.runId, ref.taskId);
    if (task === undefined) return (await runs.getSummary(ref.runId)) === undefined;
    return task.endedAt !== undefined || task.try > ref.try || (task.try === ref.try && task.infra > ref.infra);
  } catch (error) {
    if (isRedisAway(error)) return false;
    throw error;
  }
}
