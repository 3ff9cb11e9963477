import { randomBytes } from "node:crypto";
import type { Logger } from "#runtime/logger.ts";
import type { UserStore } from "#state/user-store.ts";
import { setupHash } from "./setup-routes.ts";

const VALID_MS = 24 * 3_600_000;

/**
 * Where nobody could log in yet: writes a link into the log that makes the first user, once, within a day. There is no default password.
 */
export async function announceSetup(users: UserStore, url: string, log: Logger): Promise<void> {
  if (await users.hasUsers()) return;
  const code = randomBytes(24).toString("base64url");
  await users.allowSetup(setupHash(code), VALID_MS);
  log.warn({ event: "login.setup", url: `${url}/setup?code=${code}` }, "nobody can log in yet: open this link within a day");
}
