import { UserListReply } from "#contract/user.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { userReply } from "../replies/user-reply.ts";

export const listUsers = defineRoute({
  method: "get",
  path: "/api/v1/users",
  role: "admin",
  summary: "People who log in with a password, by name. Those of an identity provider are not listed.",
  params: NOTHING,
  query: NOTHING,
  body: NO_BODY,
  reply: UserListReply,
  async handle(_request, { users }) {
    return { body: { users: (await users.listUsers()).map(userReply) } };
  },
});
