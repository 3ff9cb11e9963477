import { createHash } from "node:crypto";
import express, { Router } from "express";
import type { z } from "zod";
import { SetupBody } from "#contract/login.ts";
import type { UserStore } from "#state/user-store.ts";
import { ApiError } from "../http/api-error.ts";
import { asApiError } from "../http/as-api-error.ts";
import { checkAll } from "../http/check.ts";
import { setupPage } from "../page/login-page.ts";
import { noteChange } from "./audit-writes.ts";
import { ADMIN } from "./identity.ts";
import type { LoginLimit } from "./login-limit.ts";
import { isFromPage, sendPage, sentenceOf } from "./on-login-page.ts";
import { hashPassword } from "./password-hash.ts";
import { refuseForeignPage } from "./refuse-foreign-writes.ts";
import type { SessionCookies } from "./session-cookie.ts";

export interface SetupDeps {
  users: Pick<UserStore, "createFirstUser">;
  cookies: SessionCookies;
  limit: LoginLimit;
  now(): number;
}

export const setupHash = (code: string): string => createHash("sha256").update(code).digest("hex");

/** `/setup`: where the link leads that a first start writes into its log. Makes the first user, an admin, once. */
export function setupRoutes({ users, cookies, limit, now }: SetupDeps): Router {
  const router = Router();
  router.get("/setup", (request, response) => sendPage(response, setupPage({ code: String(request.query.code ?? "") })));

  const parse = [express.urlencoded({ extended: false, limit: "16kb" }), express.json({ limit: "16kb" })];
  router.post("/setup", ...parse, async (request, response) => {
    refuseForeignPage(request);
    noteChange(request, { what: "setup", who: String(request.body?.name ?? "") });
    await limit.attempt(request.ip ?? "", "setup");
    try {
      const [body] = checkAll([{ in: "body", schema: SetupBody, value: request.body }]) as [z.output<typeof SetupBody>];
      const { code, name, password } = body;
      const user = { name, passwordHash: await hashPassword(password), grants: ADMIN, createdAt: now() };
      if ((await users.createFirstUser(setupHash(code), user)) === "refused")
        throw new ApiError("WL_SETUP", "the link is not valid any more, or there is a user already");
      await cookies.start(request, response, { name, kind: "password", groups: [] });
      if (isFromPage(request)) response.redirect(303, "/");
      else response.status(201).json({ name });
    } catch (thrown) {
      if (!isFromPage(request)) throw thrown;
      const error = asApiError(thrown);
      sendPage(response, setupPage({ code: String(request.body?.code ?? ""), message: sentenceOf(error) }), error);
    }
  });
  return router;
}
