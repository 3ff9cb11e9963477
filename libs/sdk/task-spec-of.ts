import type { z } from "zod";
import { backstopSeconds } from "#core/pod/backstop.ts";
import type { TaskSpecInput } from "#core/task-spec.ts";
import { type PodContext, podSpecOf } from "./pod-spec-of.ts";
import { resultSchemaOf } from "./result-schema.ts";
import type { EmptyOptions, NoopOptions, PodOptions } from "./task-options.ts";

type Checked<S extends z.ZodType> = z.output<S>;

/** A task of operator `empty`. Retries and limits mean nothing to it and stay out of its spec. */
export const emptyTask = (id: string, { triggerRule }: Checked<typeof EmptyOptions>): TaskSpecInput => ({
  id,
  operator: "empty",
  triggerRule,
});

/** A task of operator `noop`. */
export const noopTask = (id: string, options: Checked<typeof NoopOptions>): TaskSpecInput => ({
  id,
  operator: "noop",
  ...triesOf(options),
});

/** A task of operator `pod`. */
export function podTask(
  id: string,
  options: Checked<typeof PodOptions>,
  context: Omit<PodContext, "mostSeconds">,
): TaskSpecInput {
  const { retries, retryDelay, backoff, timeout, triggerRule, ...others } = options;
  const { infraRetries, retryOn, failOn, skipOn, retryConfigErrors, ...rest } = others;
  const { schedulingTimeout, startTimeout, memoryGrowth, logs, ...more } = rest;
  const { result, onFinish, keepFor, onKill, ...pod } = more;
  const { retry, ...tries } = triesOf({ retries, retryDelay, backoff, timeout, triggerRule });
  return {
    id,
    operator: "pod",
    pod: podSpecOf(pod, { ...context, mostSeconds: timeout === undefined ? undefined : backstopSeconds(timeout, startTimeout) }),
    ...tries,
    retry: { ...retry, infraRetries, retryOn, failOn, skipOn, retryConfigErrors },
    schedulingTimeoutMs: schedulingTimeout,
    startTimeoutMs: startTimeout,
    result: result && resultSchemaOf(result, message => context.report({ code: "WL_DAG_TYPE", message, place: context.place })),
    onFinish,
    keepForMs: keepFor,
    onKill,
    logs,
    memoryGrowth: typeof memoryGrowth === "number" ? { factor: memoryGrowth } : memoryGrowth,
  };
}

/** What belongs to a task and not to its pod; core fills in the defaults. */
function triesOf({ retries, retryDelay, backoff, timeout, triggerRule }: Checked<typeof NoopOptions>) {
  const growth = typeof backoff === "object" ? backoff : { type: backoff, max: undefined, jitter: undefined };
  const retry = { retries, delayMs: retryDelay, backoff: growth.type, maxDelayMs: growth.max, jitter: growth.jitter };
  return { retry, timeoutMs: timeout, triggerRule };
}
