import { z } from "zod";
import { AfterEnd } from "#core/after-end.ts";
import { DurationMs } from "#core/duration.ts";
import { EnvName, EnvSource, SecretRef } from "#core/pod/env-value.ts";
import { PodSpec } from "#core/pod/pod-spec.ts";
import { ResultSchema, resultSchemaProblem } from "#core/result.ts";
import { RetryPolicy } from "#core/retry-policy.ts";
import { KeptLogs, MemoryGrowth } from "#core/task-spec.ts";

/** A literal that the caller declares to be no secret although it looks like one. */
const PlainValue = z.strictObject({ plain: z.string() });
const Word = z.union([z.string(), PlainValue], { error: "must be a string or { plain }" });

const { infraRetries, retryOn, failOn, skipOn, retryConfigErrors } = RetryPolicy.shape;
const { onFinish, onKill } = AfterEnd.shape;

/**
 * One pod without a DAG: the options of a pod task under the names the SDK uses. Durations are "10s", "5m" or milliseconds. `podOverride` is
 * the run's own: it may set what the other fields can, in Kubernetes' words.
 */
export const StartPodBody = PodSpec.extend({
  /** Literals, `{ secret, key }` or Kubernetes' own references, or `{ plain }`. */
  env: z
    .record(
      EnvName,
      z.union([z.string(), SecretRef, PlainValue, EnvSource], {
        error: "must be a string, { secret, key }, { plain }, or a reference such as { fieldRef }",
      }),
    )
    .optional(),
  command: z.array(Word).optional(),
  args: z.array(Word).optional(),
  /** Failed tries that are repeated. Default 0. */
  retries: z.number().int().min(0).max(1_000).optional(),
  /** Default 5m. */
  retryDelay: DurationMs.optional(),
  backoff: z.enum(["fixed", "exponential"]).optional(),
  infraRetries,
  retryOn,
  failOn,
  skipOn,
  retryConfigErrors,
  /** Execution limit of one try. Default: none. */
  timeout: DurationMs.optional(),
  /** Default: the workers'. */
  schedulingTimeout: DurationMs.optional(),
  /** Default: the workers'. */
  startTimeout: DurationMs.optional(),
  memoryGrowth: MemoryGrowth.optional(),
  logs: KeptLogs.optional(),
  /** JSON Schema of what the pod has to write to WINDLASS_RESULT_PATH. Absent: it has no result. */
  result: ResultSchema.superRefine((schema, context) => {
    const problem = resultSchemaProblem(schema);
    if (problem !== undefined) context.addIssue(`is no JSON Schema that can be used: ${problem}`);
  }).optional(),
  onFinish,
  keepFor: DurationMs.optional(),
  onKill,
});
export type StartPodBody = z.output<typeof StartPodBody>;
