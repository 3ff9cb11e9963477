import { TokenListReply, TokenParams } from "#contract/token.ts";
import { ownsToken } from "../auth/owns-token.ts";
import { ApiError } from "../http/api-error.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { tokenReply } from "../replies/token-reply.ts";

export const revokeToken = defineRoute({
  method: "delete",
  path: "/api/v1/tokens/:tokenId",
  role: "viewer",
  isPersonal: true,
  summary:
    "Revokes an API token of one's own, an admin anybody's, and answers with those that are left. It is refused from now on.",
  params: TokenParams,
  query: NOTHING,
  body: NO_BODY,
  reply: TokenListReply,
  async handle({ params: { tokenId }, caller }, { tokens }) {
    const isMine = (token: { by: string }) => caller.may("admin") || ownsToken(caller.name, token);
    if ((await tokens.revokeTokens(token => token.id === tokenId && isMine(token))) === 0)
      throw new ApiError("WL_TOKEN_UNKNOWN", `there is no token '${tokenId}'`);
    return { body: { tokens: (await tokens.listTokens()).filter(isMine).map(tokenReply) } };
  },
});
