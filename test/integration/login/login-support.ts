import type { Grant } from "#core/rights.ts";
import { hashPassword } from "../../../services/dashboard/auth/password-hash.ts";
import type { Answer, OpenDashboard } from "../dashboard/open-dashboard.ts";

export const PASSWORD = "correct horse battery";
const hash = hashPassword(PASSWORD);

export async function addUser(dashboard: OpenDashboard, name: string, grants: readonly Grant[]): Promise<void> {
  await dashboard.state.users.putUser({ name, passwordHash: await hash, grants, createdAt: Date.now() });
}

let count = 0;

/** A token with these rights; returns its header. */
export async function tokenOf(
  dashboard: OpenDashboard,
  grants: readonly Grant[],
  { by = "ann", expiresAt }: { by?: string; expiresAt?: number } = {},
): Promise<{ authorization: string }> {
  const id = `t${++count}`;
  const secret = `wl_${id}-${"x".repeat(30)}`;
  const token = { id, name: id, by, grants, createdAt: Date.now(), ...(expiresAt === undefined ? {} : { expiresAt }) };
  await dashboard.state.tokens.putToken(secret, token);
  return { authorization: `Bearer ${secret}` };
}

/** The cookies that an answer sets, by name; an empty one was removed. */
export const cookiesOf = (answer: Answer): Record<string, string> =>
  Object.fromEntries(
    answer.headers.getSetCookie().map(cookie => {
      const pair = cookie.split(";", 1)[0]!;
      return [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
    }),
  );

/** What a browser that is logged in sends: its cookies, and with writes the token that it read from one of them. */
export interface Browser {
  cookie: string;
  csrf: string;
  headers: { cookie: string; "x-xsrf-token": string };
}

export function browserOf(answer: Answer): Browser {
  const cookies = cookiesOf(answer);
  const cookie = Object.entries(cookies)
    .map(pair => pair.join("="))
    .join("; ");
  const csrf = cookies["XSRF-TOKEN"] ?? "";
  return { cookie, csrf, headers: { cookie, "x-xsrf-token": csrf } };
}

export async function logIn(dashboard: OpenDashboard, name: string, password = PASSWORD): Promise<Browser> {
  const answer = await dashboard.ask("/login", { method: "POST", body: { name, password } });
  if (answer.status !== 200) throw new Error(`the login was answered ${answer.status}: ${answer.text}`);
  return browserOf(answer);
}
