import { z } from "zod";
import { FUNCTION_IMAGE } from "#core/task-spec.ts";
import { DataInput } from "./data-input.ts";
import { MapOptions } from "./map-options.ts";
import type { Reference } from "./reference.ts";
import type { PodOptions } from "./task-options.ts";

/** What a function's pod cannot say: the worker calls the function. */
const CALLED = { image: true, command: true, args: true } as const;

export const FunctionOptions = z.object({
  /** Windlass' image with more in it. Default: the image that the workers are configured with (WINDLASS_FN_IMAGE). */
  image: z.string().min(1).default(FUNCTION_IMAGE),
  /** Data for the function; may hold references such as extract.output.rows. Default: none. */
  input: DataInput.optional(),
  ...MapOptions.shape,
});

/** Options of a task that is a function of the DAG file. */
export interface FunctionOptions<Input = unknown, Item = unknown, Result = unknown>
  extends Omit<PodOptions<Result>, keyof typeof CALLED | "maxActive">,
    MapOptions {
  image?: string | undefined;
  /** Data for the function; may hold references such as extract.output.rows. */
  input?: Input | undefined;
  /** A list, or a reference to one: the function is called once for each item, in a pod of its own. */
  over?: readonly Item[] | Reference<readonly Item[]> | undefined;
}
