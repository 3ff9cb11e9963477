import { z } from "zod";
import { ERRORS, type ErrorCode } from "#core/errors.ts";
import { MAX_HORIZON_TICKS } from "#core/schedule/horizon.ts";

/** The descriptor on which the child answers: stdout and stderr belong to the DAG file. */
export const REPLY_FD = 3;

const Mistake = z.strictObject({
  code: z.enum(Object.keys(ERRORS) as ErrorCode[]),
  message: z.string(),
  /** Absolute real path of the file with the mistake, which may be a helper. */
  file: z.string().optional(),
  line: z.number().int().optional(),
});
const LoadError = Mistake.extend({
  /** One by one, where there are several; the message then lists them all, and the rest is the first one's. */
  mistakes: z.array(Mistake).optional(),
});
export type LoadError = z.infer<typeof LoadError>;

/** What the child is asked beside its file: the ticks of which DAGs, after which instant. */
export const TickQuestions = z.record(z.string(), z.strictObject({ afterAt: z.number().int(), nowAt: z.number().int() }));
export type TickQuestions = z.infer<typeof TickQuestions>;

const TickAnswer = z.strictObject({
  ticks: z.array(z.number().int()).max(MAX_HORIZON_TICKS + 1),
  untilAt: z.number().int().optional(),
});

/**
 * What the child says, one line of JSON each: the real path of every file it imports (without Windlass' own), at last the result.
 * The parent trusts none of it before this schema, and no DAG before its own check.
 */
export const LoadReply = z.union([
  z.strictObject({ imports: z.string() }),
  z.strictObject({ dags: z.array(z.unknown()) }),
  z.strictObject({ ticks: z.record(z.string(), TickAnswer) }),
  z.strictObject({ error: LoadError }),
]);
export type LoadReply = z.infer<typeof LoadReply>;
