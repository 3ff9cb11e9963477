import express, { Router } from "express";
import type { z } from "zod";
import { LoginBody } from "#contract/login.ts";
import type { UserStore } from "#state/user-store.ts";
import { ApiError } from "../http/api-error.ts";
import { checkAll } from "../http/check.ts";
import { loginPage } from "../page/login-page.ts";
import { noteChange } from "./audit-writes.ts";
import type { LoginLimit } from "./login-limit.ts";
import { isFromPage, type LoginWays, localPath, onLoginPage, sendPage } from "./on-login-page.ts";
import { isPassword } from "./password-hash.ts";
import { refuseForeignPage } from "./refuse-foreign-writes.ts";
import type { SessionCookies } from "./session-cookie.ts";

export interface LoginDeps {
  ways: LoginWays;
  users: Pick<UserStore, "getUser">;
  cookies: SessionCookies;
  limit: LoginLimit;
}

const BODY_LIMIT = "16kb";

/** `/login`: the page, and the form with name and password; as JSON for programs. */
export function loginRoutes({ ways, users, cookies, limit }: LoginDeps): Router {
  const router = Router();
  router.get("/login", (request, response) => {
    sendPage(response, loginPage({ next: localPath(request.query.next), ...ways }));
  });
  if (!ways.hasPassword) return router;

  const parse = [express.urlencoded({ extended: false, limit: BODY_LIMIT }), express.json({ limit: BODY_LIMIT })];
  router.post("/login", ...parse, async (request, response) => {
    refuseForeignPage(request);
    const [body] = checkAll([{ in: "body", schema: LoginBody, value: request.body }]) as [z.output<typeof LoginBody>];
    const { name, password } = body;
    const next = localPath(body.next);
    noteChange(request, { what: "login", who: name, after: { mode: "password" } });
    await onLoginPage(request, response, { next, ...ways }, async () => {
      await limit.attempt(request.ip ?? "", name);
      const user = await users.getUser(name);
      if (!(await isPassword(password, user?.passwordHash)))
        throw new ApiError("WL_LOGIN", "name and password do not fit together");
      await cookies.start(request, response, { name, kind: "password", groups: [] });
      if (isFromPage(request)) response.redirect(303, next);
      else response.json({ name });
    });
  });
  return router;
}
