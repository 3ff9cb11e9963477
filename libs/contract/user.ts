import { z } from "zod";
import { Grant } from "#core/rights.ts";
import { Instant } from "./instant.ts";
import { Grants, Password, UserName } from "./login.ts";

export const UserParams = z.strictObject({ user: UserName });

export const PutUserBody = z.strictObject({
  grants: Grants,
  /** Absent: stays as it is; a new user needs one. */
  password: Password.optional(),
});

export const UserReply = z.object({
  name: z.string(),
  grants: z.array(Grant),
  createdAt: Instant,
  links: z.object({ self: z.string() }),
});
export type UserReply = z.infer<typeof UserReply>;

export const UserListReply = z.object({ users: z.array(UserReply) });

export const ChangePasswordBody = z.strictObject({ old: z.string().max(200), new: Password });

export const SessionsEndedReply = z.object({ name: z.string(), endedBefore: Instant });
