import { UserListReply, UserParams } from "#contract/user.ts";
import { ownsToken } from "../auth/owns-token.ts";
import { refuseLastAdmin } from "../auth/refuse-last-admin.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { userReply } from "../replies/user-reply.ts";
import { unknownUser } from "./unknown.ts";

export const removeUser = defineRoute({
  method: "delete",
  path: "/api/v1/users/:user",
  role: "admin",
  summary: "Removes a person with all sessions and API tokens, and answers with those who are left.",
  params: UserParams,
  query: NOTHING,
  body: NO_BODY,
  reply: UserListReply,
  async handle({ params: { user: name } }, { users, sessions, tokens, now }) {
    await refuseLastAdmin(name, [], users);
    if (!(await users.removeUser(name))) throw unknownUser(name);
    await sessions.endAll(name, now());
    await tokens.revokeTokens(token => ownsToken(name, token));
    return { body: { users: (await users.listUsers()).map(userReply) } };
  },
});
