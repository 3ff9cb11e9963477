import { PutUserBody, UserParams, UserReply } from "#contract/user.ts";
import { coversAll } from "#core/rights.ts";
import { ownsToken } from "../auth/owns-token.ts";
import { hashPassword } from "../auth/password-hash.ts";
import { refuseLastAdmin } from "../auth/refuse-last-admin.ts";
import { inputError } from "../http/check.ts";
import { defineRoute, NOTHING } from "../http/route.ts";
import { userReply } from "../replies/user-reply.ts";
import { showUser } from "./show-user.ts";

export const putUser = defineRoute({
  method: "put",
  path: "/api/v1/users/:user",
  role: "admin",
  summary: "Makes a person who logs in with a password, or changes rights or password. Sessions under the old password end.",
  params: UserParams,
  query: NOTHING,
  body: PutUserBody,
  reply: UserReply,
  statuses: [200, 201],
  edits: showUser,
  async handle({ params: { user: name }, body: { grants, password } }, { users, sessions, tokens, now }) {
    const known = await users.getUser(name);
    const passwordHash = password === undefined ? known?.passwordHash : await hashPassword(password);
    if (passwordHash === undefined)
      throw inputError([{ in: "body", pointer: "#/password", detail: "is missing: a new user needs one" }]);
    await refuseLastAdmin(name, grants, users);
    const user = { name, passwordHash, grants, createdAt: known?.createdAt ?? now() };
    const isNew = await users.putUser(user);
    if (password !== undefined) await sessions.endAll(name, now());
    // A token never holds more than whoever made it.
    await tokens.revokeTokens(token => ownsToken(name, token) && !coversAll(grants, token.grants));
    return { status: isNew ? 201 : 200, body: userReply(user) };
  },
});
