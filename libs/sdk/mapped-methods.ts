import type { FunctionOptions } from "./function-options.ts";
import type { TaskFunction } from "./functions.ts";
import type { MapOptions } from "./map-options.ts";
import type { Reference, ValueOf } from "./reference.ts";
import type { TaskHandle } from "./task-handle.ts";
import type { PodOptions } from "./task-options.ts";

/** What a mapped task hands on. */
export type Results<Result> = [Result] extends [undefined] ? undefined : Result[];

type MapPod<Item, Result> = (item: Reference<Item>, index: Reference<number>) => PodOptions<Result>;

/** With a list the function is called for each item, and the task's output is the list of what it returns. */
export interface FunctionMethod {
  <const Item, Result = undefined, const Input = undefined>(
    id: string,
    work: TaskFunction<ValueOf<Input>, Item, Result>,
    options: FunctionOptions<Input, Item, Result> & { over: readonly Item[] | Reference<readonly Item[]> },
  ): TaskHandle<Results<Result>>;
  <Result = undefined, const Input = undefined>(
    id: string,
    work: TaskFunction<ValueOf<Input>, undefined, Result>,
    options?: FunctionOptions<Input, undefined, Result>,
  ): TaskHandle<Result>;
}

/** The reference comes first: its fields would also pass for those of a list. */
export interface MapMethod {
  <Item, Result = undefined>(
    id: string,
    list: Reference<readonly Item[]>,
    pod: MapPod<Item, Result>,
    options?: MapOptions,
  ): TaskHandle<Results<Result>>;
  <const Item, Result = undefined>(
    id: string,
    list: readonly Item[],
    pod: MapPod<Item, Result>,
    options?: MapOptions,
  ): TaskHandle<Results<Result>>;
}
