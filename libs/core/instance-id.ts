/** Joins a mapped task's id and an index: "load@3". No id contains it, and a URL path takes it as it is. */
const MARK = "@";

/** One instance of a mapped task, counted from 0. */
export const instanceId = (taskId: string, index: number): string => `${taskId}${MARK}${index}`;

/** What the DAG calls it: "load@3" is one of "load". */
export function specIdOf(taskId: string): string {
  const mark = taskId.lastIndexOf(MARK);
  return mark === -1 ? taskId : taskId.slice(0, mark);
}

/** The index of an instance; undefined: it is none. */
export function mapIndexOf(taskId: string): number | undefined {
  const mark = taskId.lastIndexOf(MARK);
  return mark === -1 ? undefined : Number(taskId.slice(mark + 1));
}

/** Whether it is one instance of a mapped task. */
export const isInstance = (taskId: string): boolean => taskId.includes(MARK);
