import { randomBytes } from "node:crypto";
import { CreateTokenBody, CreateTokenReply } from "#contract/token.ts";
import { coversAll } from "#core/rights.ts";
import type { ApiToken } from "#state/token-store.ts";
import { TOKEN_PREFIX } from "../auth/identify.ts";
import { ApiError } from "../http/api-error.ts";
import { defineRoute, NOTHING } from "../http/route.ts";
import { links } from "../links.ts";
import { tokenReply } from "../replies/token-reply.ts";

export const createToken = defineRoute({
  method: "post",
  path: "/api/v1/tokens",
  role: "viewer",
  isPersonal: true,
  summary: "Makes an API token that may do what its maker may, or less. It is shown in this answer and never again.",
  params: NOTHING,
  query: NOTHING,
  body: CreateTokenBody,
  reply: CreateTokenReply,
  statuses: [201],
  async handle({ body: { name, grants, expiresIn }, caller }, { tokens, now }) {
    if (grants !== undefined && !coversAll(caller.grants, grants))
      throw new ApiError("WL_FORBIDDEN", `'${caller.name}' may not give away rights beyond the own ones`);
    const createdAt = now();
    const token: ApiToken = {
      id: randomBytes(8).toString("hex"),
      name,
      by: caller.name,
      grants: grants ?? caller.grants,
      createdAt,
      ...(expiresIn === undefined ? {} : { expiresAt: createdAt + expiresIn }),
    };
    const secret = `${TOKEN_PREFIX}${randomBytes(32).toString("base64url")}`;
    await tokens.putToken(secret, token);
    return { status: 201, headers: { Location: links.token(token.id) }, body: { ...tokenReply(token), token: secret } };
  },
});
