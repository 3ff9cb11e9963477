import { z } from "zod";
import { AfterEnd } from "#core/after-end.ts";
import { DurationMs } from "#core/duration.ts";
import { FAILURE_CODES } from "#core/failure-codes.ts";
import { Id } from "#core/id.ts";
import { EnvName, EnvSource, SecretRef } from "#core/pod/env-value.ts";
import { PodSpec } from "#core/pod/pod-spec.ts";
import { ResultSchema, resultSchemaProblem } from "#core/result.ts";
import { RetryPolicy } from "#core/retry-policy.ts";
import { KeptLogs, MemoryGrowth } from "#core/task-spec.ts";

/** A literal that the caller declares to be no secret although it looks like one. */
const PlainValue = z.strictObject({ plain: z.string() });
const Word = z.union([z.string(), PlainValue], { error: "must be a string or { plain }" });

/** The pod's own fields under the names of a pod task's options. Literals that look like secrets are refused unless they are `{ plain }`. */
export const PodFields = PodSpec.omit({ runOverride: true }).extend({
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
});
export type PodFields = z.output<typeof PodFields>;

const ExitCode = z.int().min(1).max(255);
const Code = z.enum(FAILURE_CODES, { error: "is no failure code; docs/reference/failures.md lists them" });
const Rule = z.union([ExitCode, Code], { error: "must be an exit code from 1 to 255, or a code of docs/reference/failures.md" });

const BackoffType = z.enum(["fixed", "exponential"]);
const jitter = z.number().min(0).max(1).optional();
const { infraRetries, retryConfigErrors } = RetryPolicy.shape;
const { onFinish, onKill } = AfterEnd.shape;

/**
 * One pod without a DAG: the options of a pod task under the names the SDK uses. Durations are "10s", "5m" or milliseconds. `podOverride` is
 * the run's own: it may set what the other fields can, in Kubernetes' words.
 */
export const StartPodBody = PodFields.extend({
  /** Failed tries that are repeated. Default 0. */
  retries: z.number().int().min(0).max(1_000).optional(),
  /** Default 5m. */
  retryDelay: DurationMs.optional(),
  /** How the delay grows; `max` is the longest, `jitter` (0..1) lengthens each by up to this share. Default "fixed". */
  backoff: z.union([BackoffType, z.strictObject({ type: BackoffType, max: DurationMs.optional(), jitter })]).optional(),
  infraRetries,
  /** Failures after which the same try starts again, while infraRetries last. */
  retryOn: z.strictObject({ exitCodes: z.array(ExitCode).optional(), codes: z.array(Code).optional() }).optional(),
  /** Exit codes and failure codes after which there is no further try. */
  failOn: z.array(Rule).optional(),
  /** Exit codes and failure codes after which the run counts as skipped. */
  skipOn: z.array(Rule).optional(),
  retryConfigErrors,
  /** Execution limit of one try. Default: none. */
  timeout: DurationMs.refine(ms => ms > 0, { error: "must be longer than 0" }).optional(),
  /** Default: the workers'. */
  schedulingTimeout: DurationMs.optional(),
  /** Default: the workers'. */
  startTimeout: DurationMs.optional(),
  /** 1.5, or `{ factor, max }`. */
  memoryGrowth: z.union([MemoryGrowth.shape.factor, MemoryGrowth]).optional(),
  logs: KeptLogs.optional(),
  /** JSON Schema of what the pod has to write to WINDLASS_RESULT_PATH. Absent: it has no result. */
  result: ResultSchema.superRefine((schema, context) => {
    const problem = resultSchemaProblem(schema);
    if (problem !== undefined) context.addIssue(`is no JSON Schema that can be used: ${problem}`);
  }).optional(),
  onFinish,
  keepFor: DurationMs.optional(),
  onKill,
  /** Default "default". */
  pool: Id.optional(),
  /** Slots of the pool that it uses. Default 1. */
  poolSlots: z.number().int().min(1).optional(),
  /** Default 1. */
  priority: z.number().int().min(-1_000_000).max(1_000_000).optional(),
  /** Whose workers run it. Default "pods". */
  queue: Id.optional(),
  /** A context of the workers' kubeconfig. Default: their own cluster. */
  cluster: z.string().min(1).optional(),
});
export type StartPodBody = z.output<typeof StartPodBody>;
