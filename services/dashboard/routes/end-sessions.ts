import { toInstant } from "#contract/instant.ts";
import { SessionsEndedReply, UserParams } from "#contract/user.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";

export const endSessions = defineRoute({
  method: "delete",
  path: "/api/v1/users/:user/sessions",
  role: "admin",
  summary: "Ends all sessions of a person, also of one whom an identity provider vouches for. API tokens stay.",
  params: UserParams,
  query: NOTHING,
  body: NO_BODY,
  reply: SessionsEndedReply,
  async handle({ params: { user } }, { sessions, now }) {
    const at = now();
    await sessions.endAll(user, at);
    return { body: { name: user, endedBefore: toInstant(at) } };
  },
});
