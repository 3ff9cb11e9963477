import { z } from "zod";
import type { MapSpec } from "#core/task-spec.ts";
import { FunctionOptions } from "./function-options.ts";
import { keepFunction, type TaskFunction } from "./functions.ts";
import { optionsReader } from "./options-reader.ts";
import { addPod, type Call, fullId, type Surroundings } from "./task-adder.ts";
import type { TaskHandle } from "./task-handle.ts";
import type { PodOptions } from "./task-options.ts";
import { written } from "./written.ts";

/** What every function is called with. */
const ALWAYS = { params: "{{ params }}", run: "{{ run }}" };
const ITEM = { item: "{{ item }}", index: "{{ index }}" };

/** Adds a task that is a function of the DAG file. */
export function addFunction<Result>(around: Surroundings, call: Call, work: unknown, options: object): TaskHandle<Result> {
  const { draft } = around;
  const id = fullId(around, call.id);
  const owner = `task '${id}': `;
  if (typeof work !== "function") draft.report("WL_DAG_TYPE", `${owner}the second argument is the function to call`, call.place);
  else keepFunction(draft.dagId, id, work as TaskFunction);

  const { over, image, input, maxActive, maxFailures, ...pod } = options as Record<string, unknown>;
  for (const field of ["command", "args"])
    if (pod[field] !== undefined)
      draft.report("WL_DAG_TYPE", `${owner}option ${field}: a function has none, the worker calls it`, call.place);
  const own = optionsReader(draft, call.place).options(FunctionOptions, owner, { image, input, maxActive, maxFailures });
  const map = over === undefined ? undefined : mapOf(over, own);
  const fn = { input: { ...ALWAYS, ...(map && ITEM), ...(own?.input === undefined ? {} : { input: own.input }) } };
  const podOptions = { result: z.unknown(), ...pod, image: own?.image ?? "" } as PodOptions;
  return addPod<Result>(around, call, podOptions, map, { fn });
}

const mapOf = (over: unknown, own: z.output<typeof FunctionOptions> | undefined): MapSpec => ({
  over: written(over) as MapSpec["over"],
  ...(own?.maxActive === undefined ? {} : { maxActive: own.maxActive }),
  ...(own?.maxFailures === undefined ? {} : { maxFailures: own.maxFailures }),
});
