import { MeReply } from "#contract/login.ts";
import { ChangePasswordBody } from "#contract/user.ts";
import { hashPassword, isPassword } from "../auth/password-hash.ts";
import { ApiError } from "../http/api-error.ts";
import { defineRoute, NOTHING } from "../http/route.ts";
import { unknownUser } from "./unknown.ts";

export const changePassword = defineRoute({
  method: "put",
  path: "/api/v1/me/password",
  role: "viewer",
  isPersonal: true,
  summary: "Changes one's own password. All sessions end, this one too.",
  params: NOTHING,
  query: NOTHING,
  body: ChangePasswordBody,
  reply: MeReply,
  async handle({ body, caller: { name, role, grants } }, { users, sessions, logins, now }) {
    const user = await users.getUser(name);
    if (user === undefined) throw unknownUser(name);
    await logins.attempt(`password of ${name}`, name);
    if (!(await isPassword(body.old, user.passwordHash))) throw new ApiError("WL_FORBIDDEN", "the old password is another one");
    await users.putUser({ ...user, passwordHash: await hashPassword(body.new) });
    await sessions.endAll(name, now());
    return { body: { name, role, grants: [...grants] } };
  },
});
