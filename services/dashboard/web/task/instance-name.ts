// As in libs/core/instance-id.ts, whose schema would bring zod along.
const MARK = "@";

/** What the DAG calls it: "load@3" is one of "load". */
export const specIdOf = (taskId: string): string => taskId.split(MARK, 1)[0]!;

/** Whether it is one instance of a mapped task. */
export const isInstance = (taskId: string): boolean => taskId.includes(MARK);
