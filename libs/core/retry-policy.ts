import { z } from "zod";

const Ms = z.number().int().min(0);
const ExitCode = z.number().int().min(1).max(255);
/** A code of the failure table. Any text: a run must stay readable when the table changes. */
const Code = z.string().min(1);

/**
 * How failed tries are repeated. `maxDelayMs` caps the exponential growth; `jitter` 0..1 lengthens a delay by up to that share.
 * What is absent has its default where it is used, so that an old spec and its hash stay what they are.
 */
export const RetryPolicy = z.strictObject({
  retries: z.number().int().min(0).max(1_000).default(0),
  delayMs: Ms.default(300_000),
  backoff: z.enum(["fixed", "exponential"]).default("fixed"),
  maxDelayMs: Ms.default(86_400_000),
  jitter: z.number().min(0).max(1).default(0),
  /** How often one try may start again without using up a try. */
  infraRetries: z.number().int().min(0).max(100).optional(),
  /** Failures after which the same try starts again, while infraRetries last. */
  retryOn: z.strictObject({ exitCodes: z.array(ExitCode).optional(), codes: z.array(Code).optional() }).optional(),
  /** Exit codes and failure codes after which there is no further try. */
  failOn: z.array(z.union([ExitCode, Code])).optional(),
  /** Exit codes and failure codes after which the task counts as skipped. */
  skipOn: z.array(z.union([ExitCode, Code])).optional(),
  /** Failures of the configuration use up tries like any other. */
  retryConfigErrors: z.boolean().optional(),
});
export type RetryPolicy = z.infer<typeof RetryPolicy>;
