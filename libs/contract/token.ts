import { z } from "zod";
import { DurationMs } from "#core/duration.ts";
import { Grant } from "#core/rights.ts";
import { Instant } from "./instant.ts";
import { Grants } from "./login.ts";

export const TokenParams = z.strictObject({ tokenId: z.string().min(1).max(100) });

const LONGEST_MS = 3_650 * 86_400_000;

export const CreateTokenBody = z.strictObject({
  /** What it is for. */
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/, "use letters, digits, '_', '.' and '-'"),
  /** What it may do; at most what its maker may. Absent: the same as its maker. */
  grants: Grants.optional(),
  /** How long it is good for, "90d" or ms, up to ten years. Absent: until it is revoked. */
  expiresIn: DurationMs.refine(ms => ms > 0 && ms <= LONGEST_MS, "must be longer than 0, and 3650d at most").optional(),
});

export const TokenReply = z.object({
  id: z.string(),
  name: z.string(),
  by: z.string(),
  grants: z.array(Grant),
  createdAt: Instant,
  expiresAt: Instant.optional(),
  /** To within a minute. */
  lastUsedAt: Instant.optional(),
  links: z.object({ self: z.string() }),
});
export type TokenReply = z.infer<typeof TokenReply>;

/** The only answer that has the token itself. */
export const CreateTokenReply = TokenReply.extend({ token: z.string() });

export const TokenListReply = z.object({ tokens: z.array(TokenReply) });
