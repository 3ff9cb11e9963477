import type { z } from "zod";
import type { TaskSpec } from "#core/task-spec.ts";
import { noticesOf } from "./notice-options.ts";
import type { CheckedDefaultArgs, EmptyOptions, NoopOptions } from "./task-options.ts";

/** The part of a spec that only tasks of one operator have. */
type OperatorFields = { operator: TaskSpec["operator"] } & Readonly<Record<string, unknown>>;

/** A kind of task without a pod: which options it takes, and what they are in the spec. */
export interface Kind<Options extends z.ZodObject> {
  readonly options: Options;
  /** Whether it goes through a queue to a worker. Retries, slots and limits mean nothing to the others and stay out of their specs. */
  readonly isWorked: boolean;
  /** The fields that only this operator has. */
  fields(options: z.output<Options>): OperatorFields;
}

/** What every task has in its spec. */
const everyFields = (options: z.output<typeof EmptyOptions>) => ({
  triggerRule: options.triggerRule,
  dependsOnPast: options.dependsOnPast,
  waitForDownstream: options.waitForDownstream,
  outlets: options.outlets,
  notices: noticesOf(options),
});

/** What a task has that goes through a queue to a worker. */
export function workerFields(options: z.output<typeof NoopOptions>) {
  const { retries, retryDelay, backoff, timeout, pool, poolSlots, priority, maxActive, queue } = options;
  const growth = typeof backoff === "object" ? backoff : { type: backoff, max: undefined, jitter: undefined };
  const retry = { retries, delayMs: retryDelay, backoff: growth.type, maxDelayMs: growth.max, jitter: growth.jitter };
  return { ...everyFields(options), retry, timeoutMs: timeout, pool, poolSlots, priority, maxActive, queue };
}

/** The fields of a task of the kind: its options over the defaults. */
export function fieldsOf<Options extends z.ZodObject>(
  kind: Kind<Options>,
  options: z.output<Options>,
  defaults: CheckedDefaultArgs,
): OperatorFields {
  const own = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const merged: CheckedDefaultArgs = { ...defaults, ...own };
  return { ...(kind.isWorked ? workerFields(merged) : everyFields(merged)), ...kind.fields(options) };
}
