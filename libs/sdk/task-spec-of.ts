import type { z } from "zod";
import { backstopSeconds } from "#core/pod/backstop.ts";
import type { TaskSpecInput } from "#core/task-spec.ts";
import { workerFields } from "./kind.ts";
import { type PodContext, podSpecOf } from "./pod-spec-of.ts";
import { resultSchemaOf } from "./result-schema.ts";
import type { PodOptions } from "./task-options.ts";
import { everyTask, workerTask } from "./task-rules.ts";

type Checked = z.output<typeof PodOptions>;

/** What stands for a task with mistakes until they are told. */
export const placeholder = (id: string): TaskSpecInput => ({ id, operator: "empty" });

/** A task of operator `pod`. */
export function podTask(id: string, options: Checked, context: Omit<PodContext, "mostSeconds">): TaskSpecInput {
  const { infraRetries, retryOn, failOn, skipOn, retryConfigErrors, ...rest } = options;
  const { schedulingTimeout, startTimeout, memoryGrowth, logs, cluster, ...more } = rest;
  const { result, onFinish, keepFor, onKill, ...podAndTask } = more;
  const { retry, timeoutMs, ...worker } = workerFields(options);
  return {
    id,
    operator: "pod",
    pod: podSpecOf(podFields(podAndTask), {
      ...context,
      mostSeconds: timeoutMs === undefined ? undefined : backstopSeconds(timeoutMs, startTimeout),
    }),
    ...worker,
    timeoutMs,
    retry: { ...retry, infraRetries, retryOn, failOn, skipOn, retryConfigErrors },
    schedulingTimeoutMs: schedulingTimeout,
    startTimeoutMs: startTimeout,
    result: result && resultSchemaOf(result, message => context.report({ code: "WL_DAG_TYPE", message, place: context.place })),
    cluster,
    onFinish,
    keepForMs: keepFor,
    onKill,
    logs,
    memoryGrowth: typeof memoryGrowth === "number" ? { factor: memoryGrowth } : memoryGrowth,
  };
}

type OfTask = keyof typeof everyTask | keyof typeof workerTask;
const OF_TASK: ReadonlySet<string> = new Set([...Object.keys(everyTask), ...Object.keys(workerTask)]);

/** What belongs to the pod and not to its task. */
const podFields = <T extends object>(options: T): Omit<T, OfTask> =>
  Object.fromEntries(Object.entries(options).filter(([field]) => !OF_TASK.has(field))) as Omit<T, OfTask>;
