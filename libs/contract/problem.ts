import { z } from "zod";
import { ERRORS, type ErrorCode } from "#core/errors.ts";

/** One mistake of a request. `pointer` is a JSON pointer as a URI fragment ("#/env/PATH") into the part that `in` names. */
export const ProblemError = z.object({
  in: z.enum(["body", "query", "path", "header"]),
  pointer: z.string(),
  detail: z.string(),
});
export type ProblemError = z.infer<typeof ProblemError>;

/** Every answer with a status from 400 on: RFC 9457, served as application/problem+json. */
export const Problem = z.object({
  /** Where the code is explained; relative to the server. */
  type: z.string(),
  title: z.string(),
  status: z.int().min(400).max(599),
  /** What happened, with the names in it. */
  detail: z.string(),
  /** Stable; match on it, never on texts. */
  code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
  /** The path of the request. */
  instance: z.string(),
  /** Also in the header X-Request-Id and in the server's log. */
  requestId: z.string(),
  /** What the caller can do about it. */
  next: z.string(),
  errors: z.array(ProblemError).optional(),
  /** Related resources, such as the run that exists already. */
  links: z.record(z.string(), z.string()).optional(),
});
export type Problem = z.infer<typeof Problem>;
