import { z } from "zod";

/** What can be said of a run in one line. */
export const VerdictReply = z.object({
  /** "load failed: the program exited with 1 (ExitCode, exit 1), try 2 of 2; 3 tasks did not run because of it" */
  sentence: z.string(),
  /** The task that failed before all others: of a mapped one, the instance. */
  firstFailed: z.string().optional(),
  /** Why it did: a code of docs/reference/failures.md. */
  code: z.string().optional(),
});
export type VerdictReply = z.infer<typeof VerdictReply>;
