import { UserParams, UserReply } from "#contract/user.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { userReply } from "../replies/user-reply.ts";
import { unknownUser } from "./unknown.ts";

export const showUser = defineRoute({
  method: "get",
  path: "/api/v1/users/:user",
  role: "admin",
  summary: "A person who logs in with a password.",
  params: UserParams,
  query: NOTHING,
  body: NO_BODY,
  reply: UserReply,
  async handle({ params: { user: name } }, { users }) {
    const user = await users.getUser(name);
    if (user === undefined) throw unknownUser(name);
    return { body: userReply(user) };
  },
});
