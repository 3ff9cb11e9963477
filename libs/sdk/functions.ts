/** What a function of a DAG file is called with. */
export interface FunctionContext<Input = unknown, Item = unknown> {
  /** The run's parameters, defaults filled in. */
  params: Readonly<Record<string, unknown>>;
  /** The run as `{{ run }}` has it: id, logicalDate, ds, interval, … */
  run: Readonly<Record<string, unknown>>;
  /** What the task's option `input` says. */
  input: Input;
  /** Of a task over a list: the item, and its place in the list. */
  item: Item;
  index: number;
  /** Writes a line to the task's log. */
  log(...parts: unknown[]): void;
  /** Aborts when the task is asked to end. */
  signal: AbortSignal;
}

/** A task's work. What it returns, unless nothing, is the task's result. */
export type TaskFunction<Input = unknown, Item = unknown, Result = unknown> = (
  context: FunctionContext<Input, Item>,
) => Result | Promise<Result>;

const FUNCTIONS = new Map<string, TaskFunction>();

const keyOf = (dagId: string, taskId: string): string => `${dagId}\0${taskId}`;

/** Remembers the function of a task, for the process that imports the DAG file in order to call it. */
export function keepFunction(dagId: string, taskId: string, work: TaskFunction): void {
  FUNCTIONS.set(keyOf(dagId, taskId), work);
}

/** The function of a task, once its DAG file was imported. */
export const functionOf = (dagId: string, taskId: string): TaskFunction | undefined => FUNCTIONS.get(keyOf(dagId, taskId));
