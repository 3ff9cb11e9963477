import { z } from "zod";
import { PodSpec, SecretRef } from "#core/dag-spec.ts";
import { DurationMs } from "#core/duration.ts";

/** A literal that the caller declares to be no secret although it looks like one. */
const PlainValue = z.strictObject({ plain: z.string() });

/** One pod without a DAG: the fields of a pod task under the names the SDK uses. Durations are "10s", "5m" or milliseconds. */
export const StartPodBody = PodSpec.extend({
  /** Literals, `{ secret, key }` references, or `{ plain }`. */
  env: z
    .record(
      PodSpec.shape.env.unwrap().keyType,
      z.union([z.string(), SecretRef, PlainValue], { error: "must be a string, { secret, key } or { plain }" }),
    )
    .optional(),
  /** Failed tries that are repeated. Default 0. */
  retries: z.number().int().min(0).max(1_000).optional(),
  /** Default 5m. */
  retryDelay: DurationMs.optional(),
  backoff: z.enum(["fixed", "exponential"]).optional(),
  /** Execution limit of one try. Default: none. */
  timeout: DurationMs.optional(),
});
export type StartPodBody = z.output<typeof StartPodBody>;
