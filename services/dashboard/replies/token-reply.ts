import { instantField, toInstant } from "#contract/instant.ts";
import type { TokenReply } from "#contract/token.ts";
import type { UsedApiToken } from "#state/token-store.ts";
import { links } from "../links.ts";

export const tokenReply = ({ grants, createdAt, expiresAt, lastUsedAt, ...token }: UsedApiToken): TokenReply => ({
  ...token,
  grants: [...grants],
  createdAt: toInstant(createdAt),
  ...instantField("expiresAt", expiresAt),
  ...instantField("lastUsedAt", lastUsedAt),
  links: { self: links.token(token.id) },
});
