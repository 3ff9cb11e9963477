import { toInstant } from "#contract/instant.ts";
import { SessionsEndedReply } from "#contract/user.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";

export const endOwnSessions = defineRoute({
  method: "delete",
  path: "/api/v1/me/sessions",
  role: "viewer",
  isPersonal: true,
  summary: "Logs out everywhere: ends all one's own sessions, this one too. API tokens stay.",
  params: NOTHING,
  query: NOTHING,
  body: NO_BODY,
  reply: SessionsEndedReply,
  async handle({ caller: { name } }, { sessions, now }) {
    const at = now();
    await sessions.endAll(name, at);
    return { body: { name, endedBefore: toInstant(at) } };
  },
});
