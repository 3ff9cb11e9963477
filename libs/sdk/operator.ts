import type { z } from "zod";
import { WindlassError } from "#core/errors.ts";
import type { PodOptions } from "./task-options.ts";

/** A kind of task: a function from its own arguments to the options of a pod. Made by {@link defineOperator}, used by `d.use`. */
export interface Operator<Args extends z.ZodType = z.ZodType, Result = unknown> {
  /** For messages. */
  readonly name: string;
  readonly args: Args;
  task(args: z.output<Args>): PodOptions<Result>;
}

/**
 * Defines a kind of task with arguments of its own. It is data only: what comes out is a pod task like any other, and no worker
 * has to know of it.
 *
 *     export const dbt = defineOperator({
 *       name: "dbt",
 *       args: z.object({ select: z.string(), target: z.enum(["dev", "prod"]).default("dev") }),
 *       task: ({ select, target }) => ({ image: "dbt:1.9", args: ["run", "--select", select, "--target", target], retries: 2 }),
 *     });
 *
 *     d.use(dbt, "orders", { select: "orders+" });
 *
 * @throws WL_DAG_TYPE when name, args or task are missing
 */
export function defineOperator<Args extends z.ZodType, Result = undefined>(
  operator: Operator<Args, Result>,
): Operator<Args, Result> {
  const { name, args, task } = operator;
  if (typeof name === "string" && name !== "" && "_zod" in args && typeof task === "function") return operator;
  throw new WindlassError(
    "WL_DAG_TYPE",
    `operator '${String(name)}': it needs a name, args (a zod schema) and task (a function)`,
  );
}
