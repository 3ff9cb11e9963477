import { TokenListReply } from "#contract/token.ts";
import { ownsToken } from "../auth/owns-token.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { tokenReply } from "../replies/token-reply.ts";

export const listTokens = defineRoute({
  method: "get",
  path: "/api/v1/tokens",
  role: "viewer",
  summary: "One's own API tokens, youngest first; an admin sees everybody's. The tokens themselves are shown to nobody.",
  params: NOTHING,
  query: NOTHING,
  body: NO_BODY,
  reply: TokenListReply,
  async handle({ caller }, { tokens }) {
    const all = await tokens.listTokens();
    const shown = caller.may("admin") ? all : all.filter(token => ownsToken(caller.name, token));
    return { body: { tokens: shown.map(tokenReply) } };
  },
});
