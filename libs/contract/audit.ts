import { z } from "zod";
import { Instant } from "./instant.ts";
import { InstantQuery, PageLinks, pageQuery } from "./list.ts";

export const AuditListQuery = z.strictObject({
  who: z.string().optional(),
  /** How the operation begins: "POST", "board.", "PUT /api/v1/pools". */
  what: z.string().optional(),
  /** A part of what it was done to: a run's id, a pool's name. */
  target: z.string().optional(),
  since: InstantQuery.optional(),
  until: InstantQuery.optional(),
  ...pageQuery(100),
});

export const AuditReply = z.object({
  id: z.string(),
  at: Instant,
  who: z.string(),
  /** The address it came from. */
  from: z.string(),
  /** Method and pattern of the route, "board.retry", "login", … */
  what: z.string(),
  target: z.string(),
  /** HTTP status of the answer: from 400 on it was refused or has failed. */
  status: z.int(),
  before: z.unknown().optional(),
  /** What was asked for, without secrets. */
  after: z.unknown().optional(),
  /** Also in the server's log. */
  requestId: z.string(),
});
export type AuditReply = z.infer<typeof AuditReply>;

export const AuditListReply = z.object({ entries: z.array(AuditReply), links: PageLinks });
