import { z } from "zod";
import { Grant, Role } from "#core/rights.ts";

/** A person's name. No ":" and "/": tokens and HTTP Basic write something behind them. */
export const UserName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.@+-]{0,99}$/, "use letters, digits, '_', '.', '@', '+' and '-'");
export const Password = z.string().min(10, "must have 10 characters or more").max(200);
export const Grants = z.array(Grant).min(1).max(100);

/** A login with a form, or as JSON. */
export const LoginBody = z.strictObject({
  name: z.string().max(200),
  password: z.string().max(200),
  /** The path to go on to; of a form. */
  next: z.string().max(2_000).default("/"),
});

export const SetupBody = z.strictObject({ code: z.string().max(200), name: UserName, password: Password });

/** Who is logged in. */
export const MeReply = z.object({
  name: z.string(),
  /** The highest role of the grants. */
  role: Role,
  grants: z.array(Grant),
});
export type MeReply = z.infer<typeof MeReply>;
