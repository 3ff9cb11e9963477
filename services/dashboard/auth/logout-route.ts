import express, { Router } from "express";
import { ApiError } from "../http/api-error.ts";
import { noteChange } from "./audit-writes.ts";
import { identityOf } from "./identity.ts";
import { refuseForeignPage } from "./refuse-foreign-writes.ts";
import { isSameText } from "./same-text.ts";
import type { SessionCookies } from "./session-cookie.ts";

/** `POST /logout`: ends the session. Of a form, the token comes in the field `csrf`. */
export function logoutRoute(cookies: SessionCookies): Router {
  const router = Router();
  router.post("/logout", express.urlencoded({ extended: false, limit: "1kb" }), async (request, response) => {
    const session = identityOf(request)?.session;
    noteChange(request, { what: "logout" });
    if (session !== undefined) {
      refuseForeignPage(request);
      const sent = request.get("x-xsrf-token") ?? String(request.body?.csrf ?? "");
      if (!isSameText(sent, session.csrf))
        throw new ApiError("WL_CSRF", "the logout does not bring along the token of its session");
      await cookies.end(request, response, session.id);
    }
    response.redirect(303, "/login");
  });
  return router;
}
